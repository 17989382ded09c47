// A runner as a function that answers: started when it is first asked, given up when it does not answer in time.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

const runnerFile = fileURLToPath(new URL("./runner.mjs", import.meta.url));

export class Runner {
  constructor(folder, patienceMs) {
    this.folder = folder;
    this.patienceMs = patienceMs;
  }

  /** The answer, or `undefined` when the process died or gave none: a bug may well do that. */
  async ask(order) {
    this.child ??= await this.start();
    const { child } = this;
    if (child === undefined) return undefined;
    return await new Promise((resolve) => {
      const end = (answer) => {
        clearTimeout(timer);
        child.off("exit", gone);
        child.off("message", end);
        resolve(answer);
      };
      const gone = () => {
        this.child = undefined;
        end(undefined);
      };
      const timer = setTimeout(() => child.kill("SIGKILL"), this.patienceMs);
      child.once("exit", gone);
      child.once("message", end);
      child.send(order);
    });
  }

  start() {
    const child = fork(runnerFile, [this.folder], { stdio: ["ignore", "ignore", "ignore", "ipc"] });
    return new Promise((resolve) => {
      child.once("exit", () => resolve(undefined));
      child.once("message", () => {
        child.removeAllListeners("exit");
        resolve(child);
      });
    });
  }

  end() {
    this.child?.kill("SIGKILL");
    this.child = undefined;
  }
}
