// The writer: takes whatever the lanes hold, writes it in one transaction, and only after COMMIT tells the lanes to acknowledge.
// When the database is away it holds on and tries again; nothing is acknowledged meanwhile.
import pg from "pg";

const RETRY_MS = 1_000;

const INSERT_EVENTS = `
  INSERT INTO event (id, station, log, stream, seq, kind, event_type, at, clock, data, consumer)
  SELECT id, station, log, stream, seq, kind, event_type, at, clock, data, $2
  FROM json_to_recordset($1) AS row (id text, station text, log text, stream text, seq bigint, kind text,
    event_type text, at timestamptz, clock text, data jsonb)
  ON CONFLICT (id) DO NOTHING`;

// Within one life of a station its uptime grows, so the greater one is the later one. A smaller one that comes more than two
// minutes after the last is a station that was started again.
const UPSERT_HEALTH = `
  INSERT INTO health (station, uptime_s, payload)
  SELECT station, uptime_s, payload
  FROM json_to_recordset($1) AS row (station text, uptime_s bigint, payload jsonb)
  ORDER BY station
  ON CONFLICT (station) DO UPDATE
  SET uptime_s = excluded.uptime_s, payload = excluded.payload, written_at = now()
  WHERE excluded.uptime_s >= health.uptime_s OR health.written_at < now() - interval '2 minutes'`;

const INSERT_REJECTED = `
  INSERT INTO rejected (topic, payload, why)
  SELECT topic, payload, why FROM json_to_recordset($1) AS row (topic text, payload text, why text)`;

/** One statement cannot touch a row twice, so of several healths of a station the latest goes in. */
function latestHealth(rows) {
  const latest = new Map();
  for (const row of rows) if (!(latest.get(row.station)?.uptime_s > row.uptime_s)) latest.set(row.station, row);
  return [...latest.values()];
}

async function write(client, rows, consumer) {
  const of = (into) => rows.filter((row) => row.into === into);
  const [events, healths, rejects] = [of("event"), latestHealth(of("health")), of("rejected")];
  await client.query("BEGIN");
  if (events.length > 0) await client.query(INSERT_EVENTS, [JSON.stringify(events), consumer]);
  if (healths.length > 0) await client.query(UPSERT_HEALTH, [JSON.stringify(healths)]);
  if (rejects.length > 0) await client.query(INSERT_REJECTED, [JSON.stringify(rejects)]);
  // If the connection breaks in here nobody knows whether it was written. It is written again then, which changes nothing.
  await client.query("COMMIT");
}

export class Store {
  /** What each lane holds: one message at most, because a lane takes the next one only after its acknowledgement. */
  #held = new Map();
  #client;
  #writing = false;
  #options;

  /** `database`: for pg.Client. `consumer`: written beside each event. `note`: hears of trouble. */
  constructor(options) {
    this.#options = options;
  }

  /** Calls `committed` once the row is in the database for good. */
  hold(lane, row, committed) {
    this.#held.set(lane, { row, committed });
    if (!this.#writing) void this.#writeAll();
  }

  /** The lane lost its connection: what it held comes again. */
  forget(lane) {
    this.#held.delete(lane);
  }

  async close() {
    await this.#client?.end().catch(() => undefined);
  }

  async #writeAll() {
    this.#writing = true;
    while (this.#held.size > 0) {
      const batch = [...this.#held];
      try {
        const rows = batch.map(([, { row }]) => row);
        await write(await this.#connected(), rows, this.#options.consumer);
      } catch (error) {
        await this.#failed(error);
        continue;
      }
      for (const [lane, item] of batch) {
        if (this.#held.get(lane) !== item) continue;
        this.#held.delete(lane);
        item.committed();
      }
    }
    this.#writing = false;
  }

  async #connected() {
    if (this.#client !== undefined) return this.#client;
    const client = new pg.Client(this.#options.database);
    // A connection that breaks between two queries says so here; the next query finds out by itself.
    client.on("error", () => undefined);
    await client.connect();
    this.#client = client;
    return client;
  }

  async #failed(error) {
    this.#options.note(`not written, trying again: ${error.message}`);
    const client = this.#client;
    this.#client = undefined;
    client?.end().catch(() => undefined);
    await new Promise((again) => setTimeout(again, RETRY_MS));
  }
}
