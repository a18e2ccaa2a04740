import Testing

@testable import VisionModel

@Suite struct IDXArrayTests {
  private static let good: [UInt8] = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]

  private func kind(_ bytes: [UInt8]) -> FormatError.Kind? {
    formatError { _ = try IDXArray(ByteRange(bytes)) }?.kind
  }

  @Test func readsExtentsAndElements() throws {
    let array = try IDXArray(ByteRange(Self.good))
    #expect(array.shape == [2, 3])
    #expect(array.elements.array == [1, 2, 3, 4, 5, 6])
    // Big-endian.
    let long = try IDXArray(ByteRange([0, 0, 8, 1, 0, 0, 1, 2] + [UInt8](repeating: 7, count: 258)))
    #expect(long.shape == [258])
    #expect(try IDXArray(ByteRange([0, 0, 8, 1, 0, 0, 0, 0])).shape == [0])
  }

  @Test func everyLengthButTheRightOneIsRefused() {
    for count in 0..<Self.good.count { #expect(kind(Array(Self.good.prefix(count))) == .truncated) }
    #expect(kind(Self.good + [0]) == .corrupt)
  }

  @Test func whatItIsNotIsSaid() {
    func changed(_ index: Int, _ byte: UInt8) -> [UInt8] {
      var bytes = Self.good
      bytes[index] = byte
      return bytes
    }
    #expect(kind(changed(0, 1)) == .corrupt)
    #expect(kind(changed(2, 13)) == .unsupported)
    #expect(kind(changed(3, 0)) == .unsupported)
    #expect(kind(changed(3, 9)) == .unsupported)
    // Extents whose product would overflow.
    #expect(kind([0, 0, 8, 4] + [UInt8](repeating: 255, count: 16)) == .truncated)
    _ = checkHostile(Self.good, flips: 2000) { _ = try IDXArray(ByteRange($0)) }
  }
}
