//! A small PNG writer (ISO/IEC 15948): 8-bit RGB, no filter, zlib streams of stored blocks (RFC 1950, RFC 1951).

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1A\n";
/// Longest stored block.
const BLOCK: usize = 0xFFFF;

fn crc32(parts: &[&[u8]]) -> u32 {
    let mut crc = u32::MAX;
    for byte in parts.iter().flat_map(|part| part.iter()) {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 != 0 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

fn adler32(bytes: &[u8]) -> u32 {
    let (mut a, mut b) = (1u32, 0u32);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65521;
        b = (b + a) % 65521;
    }
    b << 16 | a
}

fn chunk(out: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    out.extend((data.len() as u32).to_be_bytes());
    out.extend(kind);
    out.extend(data);
    out.extend(crc32(&[kind, data]).to_be_bytes());
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let mut blocks = bytes.chunks(BLOCK).peekable();
    while let Some(block) = blocks.next() {
        let len = block.len() as u16;
        out.push(u8::from(blocks.peek().is_none()));
        out.extend(len.to_le_bytes());
        out.extend((!len).to_le_bytes());
        out.extend(block);
    }
    out.extend(adler32(bytes).to_be_bytes());
    out
}

/// A picture of RGBA pixels as PNG. Screens are opaque: the fourth byte is left out.
pub fn encode(width: u32, height: u32, rgba: &[u8]) -> Vec<u8> {
    let mut rows = Vec::new();
    for row in rgba.chunks_exact(width as usize * 4) {
        rows.push(0);
        rows.extend(row.chunks_exact(4).flat_map(|pixel| pixel[..3].to_vec()));
    }
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    let mut png = SIGNATURE.to_vec();
    chunk(&mut png, b"IHDR", &header);
    chunk(&mut png, b"IDAT", &zlib(&rows));
    chunk(&mut png, b"IEND", &[]);
    png
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_standards() {
        // Check values: CRC-32 of "123456789" (PNG's CRC), Adler-32 of "Wikipedia".
        assert_eq!(crc32(&[b"1234", b"56789"]), 0xCBF4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11E6_0398);
        // The end chunk of every PNG.
        let png = encode(1, 1, &[1, 2, 3, 255]);
        assert!(png.ends_with(&[0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xAE, 0x42, 0x60, 0x82]));
    }

    #[test]
    fn long_pictures_take_several_blocks() {
        let stream = zlib(&vec![7; BLOCK + 1]);
        assert_eq!(stream[2..7], [0, 0xFF, 0xFF, 0, 0]);
        assert_eq!(stream[7 + BLOCK..7 + BLOCK + 6], [1, 1, 0, 0xFE, 0xFF, 7]);
    }
}
