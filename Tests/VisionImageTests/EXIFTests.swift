import Testing

@testable import VisionImage

@Suite struct EXIFTests {
  /// A TIFF structure with one entry.
  private func tiff(type: UInt8 = 3, count: UInt8 = 1, value: UInt8, directory: UInt8 = 8) -> [UInt8] {
    [
      0x49, 0x49, 42, 0, directory, 0, 0, 0, 1, 0, 0x12, 0x01, type, 0, count, 0, 0, 0, value, 0, 0, 0, 0, 0,
      0, 0,
    ]
  }

  private func orientation(_ bytes: [UInt8]) -> Orientation? {
    bytes.withUnsafeBytes { EXIF($0).orientation }
  }

  @Test func allEightValuesAreRead() {
    for value in 1...8 {
      #expect(orientation(tiff(value: UInt8(value)))?.rawValue == value)
      #expect(orientation([UInt8]("Exif".utf8) + [0, 0] + tiff(value: UInt8(value)))?.rawValue == value)
    }
  }

  @Test func theByteOrderIsHonored() {
    let big: [UInt8] = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]
    #expect(orientation(big) == .rotated90Clockwise)
  }

  @Test func whatIsBrokenIsIgnored() {
    #expect(orientation([]) == nil)
    #expect(orientation(tiff(value: 0)) == nil)
    #expect(orientation(tiff(value: 9)) == nil)
    #expect(orientation(tiff(type: 2, value: 6)) == nil)
    #expect(orientation(tiff(count: 2, value: 6)) == nil)
    #expect(orientation(tiff(value: 6, directory: 250)) == nil)
    let whole = tiff(value: 6)
    for count in 0..<20 { #expect(orientation(Array(whole[..<count])) == nil) }
  }

  @Test func whatIsBrokenIsTold() throws {
    func problem(_ bytes: [UInt8]) -> String? { bytes.withUnsafeBytes { EXIF($0).problem } }
    #expect(problem(tiff(value: 6)) == nil)
    #expect(problem([]) == "it does not begin as a TIFF structure")
    #expect(problem(tiff(value: 6, directory: 250)) == "its directory is not where it says")
    #expect(problem(tiff(value: 9)) == "its orientation is 9, not 1 to 8")
    #expect(problem(tiff(type: 2, value: 6)) == "its orientation is no number, not 1 to 8")
    #expect(problem(Array(tiff(value: 6)[..<11])) == "its directory of 1 entries is cut short")
    // A directory without an orientation is whole.
    var other = tiff(value: 6)
    other[10] = 0x13
    #expect(problem(other) == nil)
  }

  @Test func anImageWithBrokenEXIFIsReadWithAWarning() throws {
    let whole = try Fixture.image("orientation6.jpg")
    let start = try #require(
      whole.indices.dropLast(4).first { Array(whole[$0..<$0 + 4]) == [UInt8]("Exif".utf8) })
    var bytes = whole
    bytes[start + 6] = 0x58
    let info = try bytes.withUnsafeBytes { buffer throws in try ImageInfo(encoded: buffer) }
    #expect(info.orientation == .upright)
    #expect(
      info.warnings == ["the EXIF data is broken and ignored: it does not begin as a TIFF structure"])
    #expect(try Image(encoded: bytes).width == info.width)
    let good = try whole.withUnsafeBytes { buffer throws in try ImageInfo(encoded: buffer) }
    #expect(good.warnings.isEmpty)
  }

  @Test(.enabled(if: Fixture.sharedData != nil, "needs ../shared/data/decoders"))
  func theSixteenPublicImagesLookTheSame() throws {
    guard let root = Fixture.sharedData else { return }
    for kind in ["Landscape", "Portrait"] {
      let first = try Image(contentsOf: "\(root)/decoders/exif/\(kind)_1.jpg")
      for orientation in 2...8 {
        let path = "\(root)/decoders/exif/\(kind)_\(orientation).jpg"
        #expect(try ImageInfo(contentsOf: path).orientation.rawValue == orientation)
        let other = try Image(contentsOf: path)
        #expect([other.width, other.height] == [first.width, first.height])
        let difference = zip(first.pixels, other.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        #expect(Double(difference) / Double(first.pixels.count) < 4)
      }
    }
  }
}
