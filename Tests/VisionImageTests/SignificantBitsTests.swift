import Foundation
import Testing
import VisionTestSupport

@testable import VisionImage

/// 16-bit PNGs of fewer significant bits (sBIT).
@Suite struct SignificantBitsTests {
  /// A gray 16-bit PNG with an sBIT chunk, its pixels in one stored block.
  static func png(_ samples: [UInt16], width: Int, bits: UInt8?) -> [UInt8] {
    func long(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(value >> $0 & 255) } }
    func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
      let body = Array(name.utf8) + data
      return long(data.count) + body + long(body.withUnsafeBytes { PNGHeader.checksum($0, 0..<body.count) })
    }
    var rows: [UInt8] = []
    for row in stride(from: 0, to: samples.count, by: width) {
      rows += [0] + samples[row..<row + width].flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
    }
    var (a, b) = (1, 0)
    for byte in rows {
      a = (a + Int(byte)) % 65_521
      b = (b + a) % 65_521
    }
    let count = rows.count
    let block =
      [0x78, 1, 1, UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8 & 255)]
      + rows
      + long(b << 16 | a)
    return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
      + chunk("IHDR", long(width) + long(samples.count / width) + [16, 0, 0, 0, 0])
      + (bits.map { chunk("sBIT", [$0]) } ?? []) + chunk("IDAT", block) + chunk("IEND", [])
  }

  private func first(_ samples: [UInt16], _ bits: UInt8?) throws -> [UInt8] {
    let image = try Image(encoded: Self.png(samples, width: samples.count, bits: bits))
    return stride(from: 0, to: image.pixels.count, by: 3).map { image.pixels[$0] }
  }

  @Test func samplesInTheLowestBitsAreScaled() throws {
    let samples: [UInt16] = [0, 15, 16, 1000, 2047, 4095]
    #expect(try first(samples, 12) == [0, 0, 1, 62, 127, 255])
    #expect(try first([0, 1, 500, 1023], 10) == [0, 0, 125, 255])
    #expect(try first([0, 1, 3, 6, 7], 3) == [0, 36, 109, 218, 255])
  }

  @Test func samplesInTheHighestBitsGiveTheirHighByte() throws {
    let full: [UInt16] = [0, 15, 16, 1000, 2047, 4095].map { $0 << 4 | $0 >> 8 }
    #expect(try first(full, 12) == full.map { UInt8($0 >> 8) })
    // As if only the darkest sixteenth were there: filled up as the standard wants it, and with zeros.
    #expect(try first([0x0120, 0x0340, 0x0ff0], 12) == [1, 3, 15])
    #expect(try first([0, 0, 0], 12) == [0, 0, 0])
    // Nothing is said, or all bits are significant.
    #expect(try first([0, 1000, 4095], nil) == [0, 3, 15])
    #expect(try first([0, 1000, 4095], 16) == [0, 3, 15])
    // One sample beyond the bits: then they cannot be the lowest.
    #expect(try first([0, 1000, 4095, 4096], 12) == [0, 3, 15, 16])
  }
}
