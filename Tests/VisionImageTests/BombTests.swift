import Testing

@testable import VisionImage

/// Small files that promise enormous images: refused from their headers.
@Suite struct BombTests {
  @Test func aPNGOf50000By50000InAFewKilobytesIsRefused() throws {
    var bytes = try Fixture.image("gray1.png")
    for start in [16, 20] { bytes.replaceSubrange(start..<start + 4, with: [0, 0, 0xc3, 0x50]) }
    let sum = bytes.withUnsafeBytes { PNGHeader.checksum($0, 12..<29) }
    for index in 0..<4 { bytes[29 + index] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * index)) }
    bytes += [UInt8](repeating: 0, count: 4096)
    #expect(Fixture.kind { _ = try Image(encoded: bytes) } == .tooLarge)
    // The header may be looked at all the same.
    let info = try bytes.withUnsafeBytes { buffer throws in try ImageInfo(encoded: buffer) }
    #expect([info.width, info.height] == [50_000, 50_000])
  }

  @Test(arguments: ["rgb420.jpg", "progressive420.jpg", "gray.jpg", "arithmetic.jpg"])
  func aJPEGHeaderThatPromises65500By65500IsRefused(name: String) throws {
    var bytes = try Fixture.image(name)
    let frame = try #require(
      bytes.indices.dropLast().first { bytes[$0] == 0xff && [0xc0, 0xc2, 0xc9].contains(bytes[$0 + 1]) })
    for start in [frame + 5, frame + 7] { bytes.replaceSubrange(start..<start + 2, with: [0xff, 0xdc]) }
    #expect(Fixture.kind { _ = try Image(encoded: bytes) } == .tooLarge)
    let options = ImageOptions(allowsTruncated: true)
    #expect(Fixture.kind { _ = try Image(encoded: bytes, options: options) } == .tooLarge)
  }

  @Test func manyPassesOverALargeImageAreRefused() throws {
    // Ten thousand copies of the last scan of a progressive image.
    let bytes = try Fixture.image("progressive420.jpg")
    let last = try #require(bytes.indices.dropLast().last { bytes[$0] == 0xff && bytes[$0 + 1] == 0xda })
    let scan = Array(bytes[last..<(bytes.count - 2)])
    var bomb = Array(bytes[..<(bytes.count - 2)])
    for _ in 0..<10_000 { bomb += scan }
    bomb += [0xff, 0xd9]
    #expect(Fixture.kind { _ = try Image(encoded: bomb) } != nil)
  }

  @Test func filesOfOtherFormatsThatBeginAlikeAreNotTakenForPNG() {
    let hdf5: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a] + [UInt8](repeating: 0, count: 64)
    #expect(Fixture.kind { _ = try Image(encoded: hdf5) } == .unsupported)
  }
}
