import Testing

@testable import VisionImage

/// Damaged images: refused by default, shown as far as they go when the options allow it.
@Suite struct DamagedImageTests {
  private let lenient = ImageOptions(allowsTruncated: true)

  @Test(arguments: [
    "rgb8.png", "gray1i.png", "palette4.png", "rgba16i.png", "rgb420.jpg", "progressive420.jpg",
    "restart.jpg",
    "cmyk.jpg", "arithmetic.jpg", "scans.jpg",
  ])
  func theBeginningOfACutImageIsThatOfTheWhole(name: String) throws {
    let bytes = try Fixture.image(name)
    let whole = try Image(encoded: bytes)
    let cut = Array(bytes.dropLast(bytes.count / 8))
    #expect(Fixture.kind { _ = try Image(encoded: cut) } == .truncated)
    let shown = try Image(encoded: cut, options: lenient)
    #expect(shown.damage?.contains("is damaged") == true)
    #expect([shown.width, shown.height] == [whole.width, whole.height])
    if !name.contains("progressive"), !name.contains("i.png"), name != "scans.jpg" {
      let row = whole.width * 3
      #expect(shown.pixels[..<row] == whole.pixels[..<row])
    }
    #expect(shown.pixels != whole.pixels || name == "scans.jpg")
  }

  @Test func whatIsMissingIsBlackNotOldMemory() throws {
    let bytes = try Fixture.image("rgb8.png")
    let shown = try Image(encoded: Array(bytes.dropLast(bytes.count / 3)), options: lenient)
    #expect(shown.pixels.suffix(shown.width * 3).allSatisfy { $0 == 0 })
  }

  @Test func aWrongChecksumIsToldAndThePixelsAreShown() throws {
    var bytes = try Fixture.image("gray8.png")
    let whole = try Image(encoded: bytes)
    let end = try #require(
      bytes.indices.last { $0 + 4 <= bytes.count && Array(bytes[$0..<$0 + 4]) == Array("IEND".utf8) })
    bytes[end - 5] ^= 1
    #expect(Fixture.kind { _ = try Image(encoded: bytes) } == .corrupt)
    let shown = try Image(encoded: bytes, options: lenient)
    #expect(shown.pixels == whole.pixels)
    #expect(shown.damage?.contains("CRC") == true)
  }

  @Test func wholeImagesAreTheSameEitherWay() throws {
    for name in try Fixture.names() {
      let bytes = try Fixture.image(name)
      let shown = try Image(encoded: bytes, options: lenient)
      #expect(try shown == Image(encoded: bytes), "\(name)")
      #expect(shown.damage == nil, "\(name)")
    }
  }

  @Test func whatHasNoImageIsRefusedAllTheSame() throws {
    let jpeg = try Fixture.image("rgb420.jpg")
    for bytes in [
      [], Array(jpeg.prefix(100)), Array("GIF89a".utf8), Array(try Fixture.image("rgb8.png").prefix(40)),
    ] {
      #expect(Fixture.kind { _ = try Image(encoded: bytes, options: lenient) } != nil)
    }
    let limited = ImageOptions(maximumPixels: 100, allowsTruncated: true)
    #expect(Fixture.kind { _ = try Image(encoded: jpeg, options: limited) } == .tooLarge)
  }

  @Test func flippedBytesNeverCrashWhenDamageIsAllowed() throws {
    let options = ImageOptions(maximumPixels: 1 << 16, allowsTruncated: true)
    var shown = 0
    for name in try Fixture.names() {
      let whole = try Fixture.image(name)
      for position in stride(from: 40, to: whole.count, by: 37) {
        var bytes = whole
        bytes[position] ^= 0x55
        if let image = try? Image(encoded: bytes, options: options), image.damage != nil { shown += 1 }
      }
    }
    #expect(shown > 50)
  }
}
