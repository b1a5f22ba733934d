// The calls of a web front end that was written for the older server, with axios as it made them, and each key it read.

import assert from "node:assert/strict";
import axios from "axios";

const [base, email, password, customerId] = process.argv.slice(2);
const api = axios.create({ baseURL: `${base}/api`, headers: { "Content-Type": "application/json" } });

let passed = 0;
async function check(name, body) {
  try {
    await body();
    passed += 1;
    console.log(`ok   ${name}`);
  } catch (error) {
    const answer = error.response ? `${error.response.status} ${JSON.stringify(error.response.data)}` : "";
    console.error(`FAIL ${name}: ${error.message} ${answer}`);
    process.exitCode = 1;
  }
}

const ID = /^[0-9a-f]{24}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const keys = (thing, ...wanted) => {
  for (const key of wanted) assert.ok(key in thing, `${key} is missing in ${JSON.stringify(thing)}`);
};

/** The failure of a request that must fail, in the shape that the older client showed. */
async function refused(status, request) {
  const error = await request.then((answer) => assert.fail(`was answered ${answer.status}`), (error) => error);
  assert.equal(error.response?.status, status, error.message);
  const { success, message, error: sentence } = error.response.data;
  assert.equal(success, false);
  assert.ok(typeof message === "string" && message.length > 0 && message === sentence);
}

/** Asks until the answer is as wished; every question is one a person at the screen could ask. */
async function until(what, ask, isSo) {
  for (let left = 400; left > 0; left -= 1) {
    const answer = await ask();
    if (isSo(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return assert.fail(`never: ${what}`);
}

let token;
let refreshToken;
let userId;
let callId;

await check("sign-up gives a token and the user under data", async () => {
  const fields = { companyName: "旧クライアント", email: "old@client.example.jp", password: "correct-horse-9" };
  const person = { firstName: "花子", lastName: "山田", phone: "09012345678", address: "東京都", businessType: "IT", employees: 12 };
  const { status, data } = await api.post("/auth/signup", { ...fields, ...person, description: "試験" });
  assert.equal(status, 201);
  keys(data, "success", "token", "refreshToken", "data");
  keys(data.data, "id", "companyName", "email", "firstName", "lastName", "role");
  assert.equal(data.data.role, "admin");
  await refused(409, api.post("/auth/register", { ...fields, ...person }));
});

await check("login gives user.role, and one refusal for both mistakes", async () => {
  const { status, data } = await api.post("/auth/login", { email, password });
  assert.equal(status, 200);
  keys(data, "success", "token", "refreshToken", "data", "user");
  assert.equal(data.user.role, "supervisor");
  assert.match(data.user.id, ID);
  ({ token, refreshToken } = data);
  userId = data.user.id;
  await refused(401, api.post("/auth/login", { email, password: "wrong" }));
  await refused(401, api.post("/auth/login", { email: "nobody@example.jp", password }));
});

await check("without a token nothing is shown", async () => {
  for (const path of ["/auth/me", "/calls/active", "/agents/profile", "/calls/history"]) await refused(401, api.get(path));
});

await check("me and profile are the user", async () => {
  api.defaults.headers.common.Authorization = `Bearer ${token}`;
  for (const path of ["/auth/me", "/auth/profile"]) {
    const { data } = await api.get(path);
    assert.equal(data.success, true);
    keys(data.data, "_id", "id", "companyId", "companyName", "email", "firstName", "lastName", "phone", "role");
  }
});

await check("a refresh token is good once", async () => {
  const { data } = await api.post("/auth/refresh", { refreshToken });
  keys(data, "success", "token", "refreshToken");
  await refused(401, api.post("/auth/refresh", { refreshToken }));
  const again = await api.post("/auth/login", { email, password });
  api.defaults.headers.common.Authorization = `Bearer ${again.data.token}`;
});

await check("an agent's profile, number, wording, hours and status", async () => {
  const { data: profile } = await api.get("/agents/profile");
  keys(profile.data, "user", "settings", "status");
  await api.put("/agents/profile", { firstName: "花子", lastName: "監督", email, phone: "090-1234-5678" });
  const { data: phone } = await api.put("/agents/phone", { phoneNumber: "090-1234-5678" });
  assert.equal(phone.data.phoneNumber, "+819012345678");
  const wording = { companyName: "青空商事", serviceName: "保険", representativeName: "山田", targetDepartment: "総務部" };
  const { data: said } = await api.put("/agents/conversation", { ...wording, customTemplates: {} });
  keys(said.data.conversationSettings, "companyName", "serviceName", "representativeName", "targetDepartment");
  const hours = { start: "09:00", end: "18:00", timezone: "Asia/Tokyo" };
  const told = { enableCallNotifications: true, enableEmailNotifications: false, workingHours: hours };
  const { data: notified } = await api.put("/agents/notifications", told);
  assert.deepEqual(notified.data.notificationPreferences.workingHours, hours);
  const { data: status } = await api.put("/agents/status", { status: "busy", isAvailable: false });
  keys(status.data, "status", "isAvailable");
  assert.equal(status.data.status.status, "busy");
  assert.equal(status.data.isAvailable, false);
  await refused(422, api.put("/agents/status", { status: "dancing", isAvailable: true }));
});

await check("a body that is left out is none, though its type is named", async () => {
  const { data } = await api.put("/agents/status", null, { headers: { "Content-Type": "application/x-www-form-urlencoded" } });
  keys(data.data, "status", "isAvailable");
});

await check("agents who are free, with settings and status", async () => {
  const { data } = await api.get("/agents/available");
  assert.ok(data.data.length > 0);
  keys(data.data[0], "settings", "status");
  assert.match(data.data[0].settings.phoneNumber, /^\+\d+$/);
});

await check("a call starts once", async () => {
  const { status, data } = await api.post("/calls/start", { customerId });
  assert.equal(status, 201);
  keys(data.data, "callId", "twilioCallSid", "status");
  callId = data.data.callId;
  assert.match(callId, ID);
  await refused(409, api.post("/calls/start", { customerId }));
  await refused(404, api.post("/calls/start", { customerId: "000000000000000000000000" }));
});

await check("active calls are whole", async () => {
  const { data } = await api.get("/calls/active");
  assert.equal(data.count, data.data.length);
  const call = data.data.find((one) => one._id === callId);
  keys(call, "_id", "companyId", "customerId", "twilioCallSid", "conferenceSid", "status", "startTime", "endTime", "duration");
  keys(call, "assignedAgent", "transcript", "participants", "callResult", "notes", "aiConfiguration");
  keys(call.customerId, "_id", "name", "phone");
  assert.match(call.startTime, TIME);
});

await check("the AI talks, and the transcript shows it", async () => {
  const one = () => api.get(`/calls/${callId}`).then((answer) => answer.data.data);
  const call = await until("the AI responds", one, (call) => call.status === "ai-responding" && call.transcript.length > 0);
  keys(call.transcript[0], "timestamp", "speaker", "message", "confidence");
  assert.match(call.transcript[0].timestamp, TIME);
  const added = await api.put(`/calls/${callId}/transcript`, { speaker: "agent", message: "はい", confidence: 0.9 });
  assert.equal(added.data.data.callId, callId);
  assert.ok(added.data.data.transcriptLength > 0);
});

await check("a human is put through, notes are kept, and the call is ended", async () => {
  const { data: handoff } = await api.post(`/calls/${callId}/handoff`, { reason: "試験" });
  keys(handoff.data, "callId", "status", "agentCallSid");
  assert.equal(handoff.data.status, "transferring");
  const one = () => api.get(`/calls/${callId}`).then((answer) => answer.data.data);
  const joined = await until("a human is there", one, (call) => call.status === "human-connected");
  keys(joined.assignedAgent, "_id", "firstName", "lastName");
  const { data: noted } = await api.put(`/calls/${callId}/notes`, { notes: "折り返し" });
  assert.equal(noted.data.notes, "折り返し");
  const { data: ended } = await api.post(`/calls/${callId}/end`, { result: "手動終了" });
  keys(ended.data, "callId", "status", "duration", "result");
});

await check("history is paged", async () => {
  const one = () => api.get("/calls/history", { params: { page: 1, limit: 1 } }).then((answer) => answer.data);
  const data = await until("the call is over", one, (data) => data.data[0]?.status === "completed");
  keys(data, "success", "count", "total", "pagination", "data");
  keys(data.pagination, "current", "total", "hasNext", "hasPrev");
  assert.equal(data.data[0]._id, callId);
  const { data: unfiltered } = await api.get("/calls/history", { params: { status: "", result: "", agentId: "", page: 1, limit: 1 } });
  assert.equal(unfiltered.data[0]._id, callId);
  await refused(422, api.get("/calls/history", { params: { colour: "blue" } }));
});

await check("statistics of calls and of one's own", async () => {
  const { data } = await api.get("/calls/statistics");
  keys(data.data, "totalCalls", "successfulCalls", "successRate", "averageDuration", "resultBreakdown");
  assert.match(data.data.successRate, /^\d+\.\d\d$/);
  keys(data.data.resultBreakdown[0], "_id", "count", "avgDuration");
  const { data: own } = await api.get("/agents/statistics");
  keys(own.data, "callStatistics", "totalCalls", "totalDuration", "averageResponseTime");
});

await check("signing out spends the refresh token", async () => {
  const { data } = await api.post("/auth/login", { email, password });
  await api.post("/auth/logout", { refreshToken: data.refreshToken });
  await refused(401, api.post("/auth/refresh", { refreshToken: data.refreshToken }));
});

console.log(`${passed} passed${userId ? "" : "; nobody signed in"}`);
