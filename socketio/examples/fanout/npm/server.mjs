// The reference server, to be measured as ours is: every line on its standard input is the number of a broadcast.
//
// node server.mjs CLIENTS LENGTH

import { createServer } from "node:http";
import readline from "node:readline";
import { Server } from "socket.io";

const [clients, length] = process.argv.slice(2).map(Number);
const http = createServer();
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false });
let here = 0;
io.on("connection", () => {
  here += 1;
  if (here === clients) console.log("all");
});
const filling = "x".repeat(length);
readline.createInterface({ input: process.stdin }).on("line", (number) => io.emit("event", Number(number), filling));
http.listen(0, "127.0.0.1", () => console.log(http.address().port));
