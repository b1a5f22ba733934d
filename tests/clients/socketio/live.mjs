// The official client against the whole system: what a supervisor and an agent see, and what breaks on the way.
//
// node live.mjs SCENARIO '{"base":…,"supervisor":…,"agent":…,"password":…,"customers":[…],"secret":…}'

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import net from "node:net";
import readline from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { io } from "socket.io-client";

const [scenario, given] = process.argv.slice(2);
const site = JSON.parse(given);
const PATIENCE = 60_000;
const TRANSPORTS = [["polling"], ["websocket"], ["polling", "websocket"]];

const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const sockets = [];

/** The test does something now, and says what came of it when it is done. */
async function ask(what) {
  console.log(`ASK ${what}`);
  return (await lines.next()).value;
}

async function rest(method, path, token, body) {
  const answer = await fetch(site.base + path, {
    method,
    headers: { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

async function signIn(email) {
  const { status, body } = await rest("POST", "/api/auth/login", undefined, { email, password: site.password });
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

/** A client that writes down what it is told. */
function open(token, options = {}, base = site.base) {
  const socket = io(base, { forceNew: true, reconnectionDelay: 100, reconnectionDelayMax: 300, auth: { token }, ...options });
  socket.seen = [];
  socket.onAny((name, data) => socket.seen.push({ name, data }));
  sockets.push(socket);
  return socket;
}

/** Waits for something that has been told, or will be. */
function told(socket, name, fits = () => true, from = 0) {
  return new Promise((resolve, reject) => {
    const found = () => socket.seen.slice(from).find((event) => event.name === name && fits(event.data));
    const late = setTimeout(() => {
      socket.offAny(look);
      reject(new Error(`${name} never came; ${JSON.stringify(socket.seen.slice(-5))}`));
    }, PATIENCE);
    const look = () => {
      const event = found();
      if (event) {
        clearTimeout(late);
        socket.offAny(look);
        resolve(event.data);
      }
    };
    socket.onAny(look);
    look();
  });
}

/** Waits until something holds; `seen` says what there is instead. */
async function until(holds, seen) {
  for (const end = Date.now() + PATIENCE; !holds(); await sleep(25)) {
    if (Date.now() > end) throw new Error(`not within ${PATIENCE} ms; ${seen()}`);
  }
}

/** Has a client look at every call, also when it was cut off: what it is shown then takes the place of what it knew. */
function looking(socket) {
  socket.talks = new Map();
  socket.partings = [];
  const look = (callId) => {
    if (!socket.talks.has(callId)) socket.talks.set(callId, null);
    socket.emit("monitor-call", callId);
  };
  socket.on("active-calls", (calls) => new Set([...socket.talks.keys(), ...calls.map((call) => call._id)]).forEach(look));
  socket.on("call-started", ({ callId }) => look(callId));
  socket.on("call-details", (call) => socket.talks.set(call._id, call.transcript.map((line) => line.message)));
  socket.on("transcript-update", ({ callId, message }) => socket.talks.get(callId).push(message));
  socket.on("session-ended", ({ reason }) => socket.partings.push(reason));
  socket.on("disconnect", (reason) => socket.partings.push(reason));
  return socket;
}

const happens = (emitter, name) =>
  new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${name} never happened`)), PATIENCE);
    emitter.once(name, (...args) => {
      clearTimeout(late);
      resolve(args);
    });
  });

const ID = /^[0-9a-f]{24}$/;
/** The company's day. */
const day = (time) => new Date(time).toLocaleDateString("sv-SE", { timeZone: "Asia/Tokyo" });
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const scenarios = {
  /** A call from its beginning to its end, with a hand-over, as two supervisors see it. */
  async call() {
    const { token, data } = await signIn(site.supervisor);
    const [watcher, other] = [open(token, { transports: ["websocket"] }), open(token, { transports: ["polling"] })];
    assert.deepEqual(await told(watcher, "active-calls"), []);
    await told(other, "active-calls");
    const started = await rest("POST", "/api/calls/start", token, { customerId: site.customers[0] });
    assert.equal(started.status, 201);
    const { callId } = started.body.data;

    const began = await told(watcher, "call-started");
    assert.equal(began.callId, callId);
    assert.match(began.customerId, ID);
    assert.match(began.startTime, TIME);
    assert.deepEqual(await watcher.emitWithAck("monitor-call", callId), { success: true, data: { callId } });
    const details = await told(watcher, "call-details");
    assert.equal(details._id, callId);
    assert.equal(details.customerId._id, site.customers[0], "people are filled in");

    const ended = await told(watcher, "call-ended", (event) => event.callId === callId);
    await told(other, "call-ended");
    assert.ok(ended.result && Number.isInteger(ended.duration));
    for (const name of [
      "call-updated", "call-status-changed", "handoff-initiated", "call-handoff-initiated", "call-being-handled",
      "transcript-update", "conference-event",
    ]) {
      await told(watcher, name, (event) => event.callId === callId);
    }
    await told(watcher, "recording-available", (event) => event.callId === callId);
    const assigned = await told(watcher, "call-updated", (event) => event.assignedAgent);
    assert.deepEqual(Object.keys(assigned.assignedAgent).sort(), ["_id", "firstName", "lastName"]);
    assert.ok(assigned.assignedAgent.firstName && assigned.assignedAgent.lastName);
    const agent = assigned.assignedAgent._id;
    await told(watcher, "agent-status-changed", (event) => event.userId === agent && event.status === "on-call");
    await told(watcher, "agent-status-changed", (event) => event.userId === agent && event.status === "available");
    // The day in which it began may have ended meanwhile.
    const ours = (event) => (day(event.timestamp) === day(began.startTime) ? 1 : 0);
    await told(watcher, "statistics-update", (event) => event.totalCallsToday === ours(event) && event.activeCallsNow === 0);

    // What was shown and told of the talk is the talk, each line once.
    const shown = [...details.transcript, ...watcher.seen.filter((event) => event.name === "transcript-update").map((event) => event.data)];
    const kept = await rest("GET", `/api/calls/${callId}`, token);
    assert.deepEqual(shown.map((line) => line.message), kept.body.data.transcript.map((line) => line.message));
    for (const hidden of ["transcript-update", "partial-transcript", "conference-event", "call-details"]) {
      assert.ok(!other.seen.some((event) => event.name === hidden), `${hidden} is for those who watch`);
    }
    const rank = { initiated: 0, "ai-responding": 1, transferring: 2, "human-connected": 3, completed: 4 };
    const ranks = watcher.seen.filter((event) => event.name === "call-status-changed").map((event) => rank[event.data.status]);
    assert.equal(ranks.at(-1), 4);
    assert.equal(data.role, "supervisor");
  },

  /** Every way in, and every way not to come in; every command, and what it refuses. */
  async doors() {
    const supervisor = await signIn(site.supervisor);
    for (const transports of TRANSPORTS) {
      const socket = open(supervisor.token, { transports });
      await told(socket, "active-calls");
      if (transports.length === 2 && socket.io.engine.transport.name === "polling") await happens(socket.io.engine, "upgrade");
      assert.equal(socket.io.engine.transport.name, transports.at(-1));
      const before = socket.seen.length;
      assert.deepEqual(await socket.emitWithAck("request-statistics"), { success: true, data: {} });
      const figures = await told(socket, "statistics-update", () => true, before);
      assert.deepEqual(Object.keys(figures).sort(), ["activeCallsNow", "availableAgents", "timestamp", "totalCallsToday"]);

      for (const auth of [{ token: "rubbish" }, { token: "" }, { token: 7 }, {}]) {
        const stranger = open(undefined, { transports, auth, reconnection: false });
        const [error] = await happens(stranger, "connect_error");
        assert.equal(error.message, "Authentication error");
        assert.equal(error.data.code, "not_signed_in");
      }

      const none = "0001027f80ff090807060504";
      const refusals = [
        ["monitor-call", none, "not_found"],
        ["monitor-call", "x", "not_found"],
        ["monitor-call", undefined, "invalid"],
        ["subscribe-transcript", { callId: none }, "not_found"],
        ["update-agent-status", "asleep", "invalid"],
        ["request-handoff", { callId: none, reason: "x".repeat(501) }, "invalid"],
        ["request-handoff", { callId: none }, "not_found"],
        ["request-handoff", none, "malformed"],
        ["no-such-command", { deep: [Buffer.from([1, 2, 3])] }, "not_found"],
      ];
      for (const [command, argument, code] of refusals) {
        const answer = await socket.emitWithAck(command, argument);
        assert.equal(answer.success, false, command);
        assert.equal(answer.code, code, `${command} ${JSON.stringify(answer)}`);
        assert.ok(answer.message && answer.message === answer.error);
      }
      await told(socket, "handoff-error", (error) => error.code === "not_found" && error.message);
      // Bytes, many arguments and no answer wanted: nothing of it harms.
      socket.emit("no-such-command", Buffer.alloc(40_000, 7), 1, [2, { three: null }]);
      socket.emit("stop-monitor-call", none);
      assert.equal((await socket.emitWithAck("stop-monitor-call", none)).success, true);
      socket.disconnect();
    }
    const namespace = io(`${site.base}/elsewhere`, { forceNew: true, reconnection: false, auth: { token: supervisor.token } });
    sockets.push(namespace);
    assert.equal((await happens(namespace, "connect_error"))[0].message, "Invalid namespace");
  },

  /** An agent with two tabs; what they do, and whether they are there. */
  async presence() {
    const [supervisor, agent] = [await signIn(site.supervisor), await signIn(site.agent)];
    const watcher = open(supervisor.token);
    await told(watcher, "active-calls");
    const [one, two] = [open(agent.token), open(agent.token)];
    await Promise.all([told(one, "active-calls"), told(two, "active-calls")]);
    const is = (status, from) =>
      told(watcher, "agent-status-changed", (event) => event.userId === agent.data.id && event.status === status, from);

    let from = watcher.seen.length;
    const answer = await one.emitWithAck("update-agent-status", "busy");
    assert.equal(answer.data.status.status, "busy");
    await is("busy", from);
    await told(two, "agent-status-changed", (event) => event.status === "busy");

    from = watcher.seen.length;
    one.disconnect();
    two.io.engine.close(); // and comes back within the time that is given
    await happens(two, "connect");
    const still = await rest("GET", "/api/agents/profile", agent.token);
    assert.equal(still.body.data.status.status, "busy");
    two.disconnect();
    await is("offline", from);
    assert.equal(watcher.seen.slice(from).filter((event) => event.data.userId === agent.data.id).length, 1, "told once");

    from = watcher.seen.length;
    const back = open(agent.token);
    await told(back, "active-calls");
    await is("busy", from);
  },

  /** Signing out, and a token that runs out. */
  async leaving() {
    const [first, second] = [await signIn(site.supervisor), await signIn(site.supervisor)];
    const [leaves, stays] = [open(first.token), open(second.token)];
    await Promise.all([told(leaves, "active-calls"), told(stays, "active-calls")]);
    const gone = happens(leaves, "disconnect");
    await rest("POST", "/api/auth/logout", first.token, { refreshToken: first.refreshToken });
    assert.deepEqual(await told(leaves, "session-ended"), { reason: "signed_out" });
    assert.equal((await gone)[0], "io server disconnect");
    assert.equal((await stays.emitWithAck("request-statistics")).success, true, "another sign-in stays");

    // A refresh token that comes again was copied, and all that grew out of it ends.
    const third = await signIn(site.supervisor);
    const copied = open(third.token);
    await told(copied, "active-calls");
    const renewed = await rest("POST", "/api/auth/refresh", undefined, { refreshToken: third.refreshToken });
    const renewing = open(renewed.body.token);
    await told(renewing, "active-calls");
    const again = await rest("POST", "/api/auth/refresh", undefined, { refreshToken: third.refreshToken });
    assert.equal(again.status, 401);
    for (const client of [copied, renewing]) assert.deepEqual(await told(client, "session-ended"), { reason: "signed_out" });

    // A token as an older server signs it, good for some seconds: as many as a slow machine needs to come in.
    const claims = JSON.parse(Buffer.from(second.token.split(".")[1], "base64url"));
    const text = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");
    const { id, companyId, role } = claims;
    const body = `${text({ alg: "HS256", typ: "JWT" })}.${text({ id, companyId, role, exp: Math.floor(Date.now() / 1000) + 10 })}`;
    const short = `${body}.${createHmac("sha256", site.secret).update(body).digest("base64url")}`;
    const passing = open(short);
    await told(passing, "active-calls");
    const over = happens(passing, "disconnect");
    assert.deepEqual(await told(passing, "session-ended"), { reason: "token_expired" });
    await over;

    const agent = await signIn(site.agent);
    const disabled = open(agent.token);
    await told(disabled, "active-calls");
    const cut = happens(disabled, "disconnect");
    const admin = await signIn(site.admin);
    const changed = await rest("PATCH", `/api/users/${agent.data.id}`, admin.token, { disabled: true });
    assert.equal(changed.status, 200);
    await cut;
    const refused = open(agent.token, { reconnection: false });
    assert.equal((await happens(refused, "connect_error"))[0].message, "Authentication error");
  },

  /** The server is killed in the middle of a call, and started again. */
  async restart() {
    const { token } = await signIn(site.supervisor);
    const clients = TRANSPORTS.map((transports) => open(token, { transports }));
    await Promise.all(clients.map((client) => told(client, "active-calls")));
    const { body } = await rest("POST", "/api/calls/start", token, { customerId: site.customers[0] });
    const { callId } = body.data;
    await Promise.all(clients.map((client) => told(client, "call-status-changed", (event) => event.status === "ai-responding")));
    const places = clients.map((client) => client.seen.length);
    const cut = clients.map((client) => happens(client, "disconnect"));
    await ask("kill");
    await Promise.all(cut);
    await ask("restart");
    await Promise.all(
      clients.map(async (client, place) => {
        const present = await told(client, "active-calls", () => true, places[place]);
        assert.deepEqual(present.map((call) => call._id), [callId], "the call lives, and is shown");
        await told(client, "call-ended", (event) => event.callId === callId, places[place]);
      }),
    );
  },

  /** Servers are restarted one after the other behind a balancer: each client comes back by itself, and knows every talk in the end. */
  async rolling() {
    const { token, refreshToken } = await signIn(site.supervisor);
    const clients = Array.from({ length: site.screens }, () => looking(open(token, { transports: ["websocket"] })));
    await Promise.all(clients.map((client) => told(client, "active-calls")));
    const calls = JSON.parse(await ask("restart all"));
    for (const callId of calls) {
      const { body } = await rest("GET", `/api/calls/${callId}`, token);
      const kept = body.data.transcript.map((line) => line.message);
      assert.ok(kept.length > 0);
      const seen = () => JSON.stringify({ callId, kept, known: clients.map((client) => client.talks.get(callId)) });
      await until(() => clients.every((client) => isDeepStrictEqual(client.talks.get(callId), kept)), seen);
    }
    for (const { partings } of clients) {
      assert.ok(partings.length > 0, "each server was restarted, and so each client cut off");
      const expected = partings.map((_, place) => ["shutting_down", "transport close"][place % 2]);
      assert.deepEqual(partings, expected, "it is told why, and is not forbidden to come back");
    }
    // Who signs out at one server has no screen at any.
    await rest("POST", "/api/auth/logout", token, { refreshToken });
    const last = () => clients.map(({ partings }) => partings.slice(-2));
    await until(() => last().every((two) => isDeepStrictEqual(two, ["signed_out", "io server disconnect"])), () => JSON.stringify(last()));
  },

  /** A network that lets nothing through any more, and one that is slow. */
  async network() {
    const { token } = await signIn(site.supervisor);
    const { port } = new URL(site.base);
    const pipes = new Set();
    let dead = false;
    let delay = 0;
    const proxy = net.createServer((near) => {
      const far = net.connect(port, "127.0.0.1");
      const pass = (from, to) => {
        from.on("data", (bytes) => {
          if (dead) return;
          if (delay === 0) to.write(bytes);
          else setTimeout(() => to.write(bytes), delay);
        });
        from.on("close", () => !dead && setTimeout(() => to.end(), delay));
        from.on("error", () => {});
      };
      pass(near, far);
      pass(far, near);
      pipes.add(near).add(far);
    });
    await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const base = `http://127.0.0.1:${proxy.address().port}`;

    delay = 40;
    const slow = open(token, { transports: ["polling"] }, base);
    await told(slow, "active-calls");
    for (let round = 0; round < 5; round += 1) assert.equal((await slow.emitWithAck("request-statistics")).success, true);
    const { body } = await rest("POST", "/api/calls/start", token, { customerId: site.customers[0] });
    await told(slow, "call-started", (event) => event.callId === body.data.callId);
    assert.equal((await slow.emitWithAck("monitor-call", body.data.callId)).success, true);
    await told(slow, "call-ended");
    assert.equal(new Set(slow.seen.filter((event) => event.name === "call-started").map((event) => event.data.callId)).size, 1);
    slow.disconnect();
    delay = 0;

    for (const transports of [["websocket"], ["polling"]]) {
      const client = open(token, { transports }, base);
      await told(client, "active-calls");
      const gone = happens(client, "disconnect");
      dead = true;
      const [reason] = await gone;
      assert.ok(["ping timeout", "transport error", "transport close"].includes(reason), reason);
      const place = client.seen.length;
      dead = false;
      for (const pipe of pipes) pipe.destroy();
      pipes.clear();
      await told(client, "active-calls", () => true, place);
      client.disconnect();
    }
    proxy.close();
  },
};

try {
  await scenarios[scenario]();
  console.log("OK");
} catch (error) {
  console.error(`FAIL ${scenario}: ${error.stack}`);
  process.exitCode = 1;
} finally {
  for (const socket of sockets) socket.disconnect();
  process.stdin.destroy();
  setTimeout(() => process.exit(), 200);
}
