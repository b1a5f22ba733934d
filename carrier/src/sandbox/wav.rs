//! The sound of a recording: a small real WAV file of the right length.
//!
//! The sandbox carries no audio, so that a recording is silence with a short tone at each whole second: enough for a
//! player, a proxy and a length check, and small (8-bit, 8 kHz, mono or stereo).

const RATE: u32 = 8_000;
/// Longest audio that is written, in seconds; a longer recording is cut here.
const MAX_SECS: u32 = 3_600;
const SILENCE: u8 = 128;

/// A WAV file of `secs` seconds with `channels` channels (1 or 2).
pub fn tones(secs: u32, channels: u16) -> Vec<u8> {
    let channels = channels.clamp(1, 2);
    let frames = secs.min(MAX_SECS) * RATE;
    let size = frames * u32::from(channels);
    let mut file = Vec::with_capacity(44 + size as usize);
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(36 + size).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    file.extend_from_slice(&16_u32.to_le_bytes());
    file.extend_from_slice(&1_u16.to_le_bytes());
    file.extend_from_slice(&channels.to_le_bytes());
    file.extend_from_slice(&RATE.to_le_bytes());
    file.extend_from_slice(&(RATE * u32::from(channels)).to_le_bytes());
    file.extend_from_slice(&channels.to_le_bytes());
    file.extend_from_slice(&8_u16.to_le_bytes());
    file.extend_from_slice(b"data");
    file.extend_from_slice(&size.to_le_bytes());
    for frame in 0..frames {
        let sounding = frame % RATE < RATE / 20;
        // A 400 Hz square wave: 20 samples to the period.
        let level = match (sounding, frame % 20 < 10) {
            (false, _) => SILENCE,
            (true, true) => SILENCE + 24,
            (true, false) => SILENCE - 24,
        };
        file.extend(std::iter::repeat_n(level, usize::from(channels)));
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_tells_the_truth() {
        let wav = tones(2, 2);
        assert_eq!(&wav[..4], b"RIFF");
        assert_eq!(u32::from_le_bytes(wav[4..8].try_into().unwrap()) as usize, wav.len() - 8);
        assert_eq!(u32::from_le_bytes(wav[40..44].try_into().unwrap()) as usize, wav.len() - 44);
        assert_eq!(wav.len() - 44, 2 * 2 * 8_000);
    }
}
