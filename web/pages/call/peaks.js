// How loud a recording is, part by part, for each of its channels.

/** @param {Blob} sound @param {number} parts @returns {Promise<number[][]>} from 0 to 1 */
export async function peaks(sound, parts) {
  const context = new OfflineAudioContext(1, 1, 8000);
  const decoded = await context.decodeAudioData(await sound.arrayBuffer());
  const channels = Array.from({ length: decoded.numberOfChannels }, (_, channel) => loudest(decoded.getChannelData(channel), parts));
  const most = Math.max(...channels.flat(), 0.01);
  return channels.map((channel) => channel.map((peak) => peak / most));
}

/** @param {Float32Array} samples @param {number} parts */
function loudest(samples, parts) {
  const size = Math.max(1, Math.floor(samples.length / parts));
  return Array.from({ length: parts }, (_, part) => {
    let peak = 0;
    for (let place = part * size; place < (part + 1) * size && place < samples.length; place += 4) peak = Math.max(peak, Math.abs(samples[place]));
    return peak;
  });
}
