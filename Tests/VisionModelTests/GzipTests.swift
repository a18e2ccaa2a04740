import Testing

@testable import VisionModel

@Suite struct GzipTests {
  /// `printf 'shapes shapes shapes\n' | gzip -9n`.
  private static let deflated: [UInt8] = [
    0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0x02, 0x03, 0x2b, 0xce, 0x48, 0x2c, 0x48, 0x2d, 0x56, 0x28, 0x46, 0xa6,
    0xb8, 0x00, 0x92, 0xdb, 0x02, 0xf8, 0x15, 0, 0, 0,
  ]
  private static let text = Array("shapes shapes shapes\n".utf8)

  @Test func unpacks() throws {
    #expect(try Gzip.unpack(ByteRange(Self.deflated), limit: 21).array == Self.text)
  }

  @Test func everyHeaderIsSkipped() throws {
    let body = Self.deflated[10...]
    let fixed = Array(Self.deflated[4..<10])
    let extra: [UInt8] = [3, 0, 1, 2, 3]
    let (name, comment, sum): ([UInt8], [UInt8], [UInt8]) = (Array("a\0".utf8), Array("b c\0".utf8), [9, 9])
    for (flags, added) in [
      (1, []), (4, extra), (8, name), (16, comment), (2, sum), (0x1e, extra + name + comment + sum),
    ] as [(UInt8, [UInt8])] {
      let file = [0x1f, 0x8b, 8, flags] + fixed + added + body
      #expect(try Gzip.unpack(ByteRange(file), limit: 100).array == Self.text)
    }
  }

  @Test func anyDamageGivesAValueOrAFormatError() {
    let refused = checkHostile(Self.deflated, flips: 2000) { bytes in
      _ = try Gzip.unpack(ByteRange(bytes), limit: 1 << 20)
    }
    #expect(refused == Self.deflated.count)
  }

  @Test func whatItIsNotIsSaid() {
    func kind(_ bytes: [UInt8], limit: Int = 100) -> FormatError.Kind? {
      formatError { _ = try Gzip.unpack(ByteRange(bytes), limit: limit) }?.kind
    }
    #expect(kind([]) == .corrupt)
    #expect(kind(Array("PK".utf8)) == .corrupt)
    #expect(kind([0x1f, 0x8b, 7, 0]) == .unsupported)
    #expect(kind([0x1f, 0x8b, 8, 0x20]) == .unsupported)
    #expect(kind(Array(Self.deflated.prefix(17))) == .truncated)
    #expect(kind(Self.deflated, limit: 20) == .tooLarge)
    var changed = Self.deflated
    changed[22] ^= 1
    #expect(kind(changed) == .corrupt)
    // Claims far more than so few bytes could give.
    changed = Self.deflated
    changed[29] = 0x10
    #expect(kind(changed, limit: .max) == .tooLarge)
  }
}
