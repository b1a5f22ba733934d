// The official client against the echo server: both transports, the upgrade, events, acknowledgements, bytes, and every way
// in which a client is sent away.

import assert from "node:assert/strict";
import { io } from "socket.io-client";

const base = process.argv[2] ?? "http://127.0.0.1:3000";
const PATIENCE = 5000;

let passed = 0;
async function check(name, body) {
  const sockets = [];
  const open = (options = {}, namespace = "") => {
    const socket = io(`${base}${namespace}`, { forceNew: true, ...options });
    sockets.push(socket);
    return socket;
  };
  try {
    await body(open);
    passed += 1;
    console.log(`ok   ${name}`);
  } catch (error) {
    console.error(`FAIL ${name}: ${error.message}`);
    process.exitCode = 1;
  } finally {
    for (const socket of sockets) socket.disconnect();
  }
}

/** What an emitter says next under this name. */
function next(emitter, name) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${name} never came`)), PATIENCE);
    emitter.once(name, (...args) => {
      clearTimeout(late);
      resolve(args);
    });
  });
}

const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

for (const transports of [["polling"], ["websocket"], ["polling", "websocket"]]) {
  const how = transports.join(" then ");

  await check(`${how}: connects, and the auth is heard`, async (open) => {
    const socket = open({ transports, auth: { token: "123" } });
    const [auth] = await next(socket, "auth");
    assert.deepEqual(auth, { token: "123" });
    assert.match(socket.id, /^[\w-]{20}$/);
    if (transports.length === 2) {
      if (socket.io.engine.transport.name !== "websocket") await next(socket.io.engine, "upgrade");
      assert.equal(socket.io.engine.transport.name, "websocket");
    } else {
      assert.equal(socket.io.engine.transport.name, transports[0]);
    }
  });

  await check(`${how}: events and acknowledgements, in order, while it changes over`, async (open) => {
    const socket = open({ transports });
    const heard = [];
    socket.on("message-back", (number) => heard.push(number));
    await next(socket, "auth");
    for (let number = 0; number < 300; number += 1) {
      socket.emit("message", number);
      if (number % 10 === 0) await pause(1);
    }
    const answer = await socket.timeout(PATIENCE).emitWithAck("message-with-ack", 1, "2", { 3: [false] });
    assert.deepEqual(answer, 1);
    while (heard.length < 300) await next(socket, "message-back");
    assert.deepEqual(heard, [...Array(300).keys()]);
  });

  await check(`${how}: bytes go there and back`, async (open) => {
    const socket = open({ transports });
    await next(socket, "auth");
    socket.emit("message", { deep: [Buffer.from([1, 2, 3])] }, Buffer.alloc(70_000, 7));
    const [first, second] = await next(socket, "message-back");
    assert.deepEqual(Buffer.from(first.deep[0]), Buffer.from([1, 2, 3]));
    assert.equal(Buffer.compare(Buffer.from(second), Buffer.alloc(70_000, 7)), 0);
    const answer = await socket.timeout(PATIENCE).emitWithAck("message-with-ack", Buffer.from([9]));
    assert.deepEqual(Buffer.from(answer), Buffer.from([9]));
  });

  await check(`${how}: the server asks, and the client answers with bytes`, async (open) => {
    const socket = open({ transports });
    await next(socket, "auth");
    socket.on("question", (number, answer) => answer(number + 1, Buffer.from([5])));
    socket.emit("ask-me");
    const [number, bytes] = await next(socket, "answered");
    assert.equal(number, 8);
    assert.deepEqual(Buffer.from(bytes), Buffer.from([5]));
    socket.off("question");
    socket.emit("ask-me");
    const [why] = await next(socket, "unanswered");
    assert.match(why, /in time/);
  });

  await check(`${how}: a refusal has a message and data`, async (open) => {
    const socket = open({ transports, auth: { refuse: true } });
    const [error] = await next(socket, "connect_error");
    assert.equal(error.message, "You may not come in");
    assert.deepEqual(error.data, { code: "REFUSED" });
    assert.equal(socket.connected, false);
    socket.auth = {};
    socket.connect();
    await next(socket, "auth");
  });

  await check(`${how}: an unknown namespace is refused`, async (open) => {
    const [error] = await next(open({ transports }, "/random"), "connect_error");
    assert.equal(error.message, "Invalid namespace");
  });

  await check(`${how}: two namespaces share a session, and leaving one keeps the other`, async (open) => {
    const main = open({ transports, forceNew: false });
    await next(main, "auth");
    const custom = main.io.socket("/custom", { auth: { a: 1 } });
    custom.connect();
    assert.deepEqual(await next(custom, "auth"), [{ a: 1 }]);
    assert.notEqual(custom.id, main.id);
    custom.emit("leave");
    assert.deepEqual((await next(custom, "disconnect"))[0], "io server disconnect");
    main.emit("message", "still there");
    assert.deepEqual(await next(main, "message-back"), ["still there"]);
    main.disconnect();
  });

  await check(`${how}: whoever is sent away with its session does not come back by itself`, async (open) => {
    const socket = open({ transports });
    await next(socket, "auth");
    socket.emit("leave-all");
    const [reason] = await next(socket, "disconnect");
    assert.equal(reason, "io server disconnect");
    await pause(300);
    assert.equal(socket.connected, false);
  });

  await check(`${how}: whoever is let go of comes back by itself`, async (open) => {
    const socket = open({ transports, reconnectionDelay: 50 });
    await next(socket, "auth");
    const before = socket.id;
    socket.emit("let-go");
    const [reason] = await next(socket, "disconnect");
    assert.match(reason, /^transport (close|error)$/);
    await next(socket, "auth");
    assert.notEqual(socket.id, before);
  });

  await check(`${how}: a session outlives many heartbeats`, async (open) => {
    const socket = open({ transports });
    await next(socket, "auth");
    socket.on("disconnect", (reason) => assert.fail(reason));
    await pause(1600);
    socket.off("disconnect");
    assert.equal(socket.connected, true);
  });
}

console.log(`${passed} passed`);
process.exit();
