/**
 * The room's circuits: loads that relays switch, contacts that inputs sense. Whoever models a thing looks at its loads and says
 * what its contacts do; whoever wires it knows names alone. A load without mains does nothing, whatever its relay says.
 */
import type { Site } from "../models/site.ts";
import type { InputSource, RelaySink } from "../wires/points.ts";

type Watcher = (on: boolean) => void;

export class Circuits {
  private readonly site: Site;
  private readonly closed = new Map<string, boolean>();
  /** Relays whose contacts do not part any more, and loads that take no current. */
  private readonly welded = new Set<string>();
  private readonly dead = new Set<string>();
  private readonly wired = new Set<string>();
  private readonly watchers = new Map<string, Watcher[]>();
  private readonly sources = new Map<string, InputSource>();
  private readonly senses = new Map<string, boolean>();
  private readonly before: (() => void)[] = [];

  constructor(site: Site) {
    this.site = site;
  }

  /** Called before any load changes, so that physics catches up with the present first. */
  beforeChange(look: () => void): void {
    this.before.push(look);
  }

  catchUp(): void {
    for (const look of this.before) look();
  }

  // --- Loads.

  sink(name: string): RelaySink {
    this.wired.add(name);
    return (on) => this.switchLoad(name, on);
  }

  private switchLoad(name: string, on: boolean): void {
    if ((this.closed.get(name) ?? false) === on) return;
    this.catchUp();
    const was = this.isClosed(name);
    this.closed.set(name, on);
    this.tell(name, was);
  }

  private tell(name: string, was: boolean): void {
    const on = this.isClosed(name);
    if (on === was) return;
    this.site.emit({ type: "room-output", output: name, on });
    for (const watcher of this.watchers.get(name) ?? []) watcher(on);
  }

  /** The contacts of this relay stay together from now on, or part again when they should. */
  weld(name: string, welded: boolean): void {
    this.catchUp();
    const was = this.isClosed(name);
    if (welded) this.welded.add(name);
    else this.welded.delete(name);
    this.tell(name, was);
  }

  /** The load of this relay takes no current any more: a burnt-out element, a pulled plug. */
  kill(name: string, dead: boolean): void {
    this.catchUp();
    if (dead) this.dead.add(name);
    else this.dead.delete(name);
  }

  isWired(name: string): boolean {
    return this.wired.has(name);
  }

  /** The relay is closed. */
  isClosed(name: string): boolean {
    return this.welded.has(name) || (this.closed.get(name) ?? false);
  }

  /** The relay is closed and there is something for it to switch. */
  isLive(name: string): boolean {
    return this.site.mainsOn && this.isClosed(name) && !this.dead.has(name);
  }

  onChange(name: string, watcher: Watcher): void {
    this.watchers.set(name, [...(this.watchers.get(name) ?? []), watcher]);
  }

  get closedNow(): readonly string[] {
    return [...this.closed.keys()].filter((name) => this.isClosed(name));
  }

  // --- Contacts.

  /** A contact whose model tells when it changed. */
  contact(name: string, source: InputSource): void {
    this.sources.set(name, source);
    this.senses.set(name, source());
  }

  source(name: string): InputSource {
    return () => this.sources.get(name)?.() ?? false;
  }

  /** Says so on the header lines too. */
  changed(name: string): void {
    const on = this.sources.get(name)?.() ?? false;
    if (this.senses.get(name) === on) return;
    this.senses.set(name, on);
    this.site.emit({ type: "room-contact", contact: name, on });
  }
}
