import Testing

@testable import VisionImage

/// Files that every decoder shows with a shrug: read with a warning, refused when asked to be strict.
@Suite struct OddImageTests {
  private let strict = ImageOptions(isStrict: true)

  private func expectOdd(
    _ bytes: [UInt8], _ whole: Image, _ kind: ImageError.Kind, _ word: String, _ name: String
  ) throws {
    let image = try Image(encoded: bytes)
    #expect(image == whole, "\(name)")
    #expect(image.warning?.contains(word) == true, "\(name): \(image.warning ?? "no warning")")
    #expect(image.damage == nil)
    do {
      _ = try Image(encoded: bytes, options: strict)
      Issue.record("\(name) was read in spite of strictness")
    } catch {
      #expect(error.kind == kind, "\(name)")
      #expect(error.message.contains(word) && error.remedy != nil)
    }
  }

  @Test(arguments: ["rgb420.jpg", "gray.jpg", "progressive420.jpg", "cmyk.jpg", "restart.jpg", "scans.jpg"])
  func aMissingEndMarkerIsAllThatIsMissing(name: String) throws {
    let bytes = try Fixture.image(name)
    let whole = try Image(encoded: bytes)
    #expect(whole.warning == nil && Array(bytes.suffix(2)) == [0xff, 0xd9])
    try expectOdd(Array(bytes.dropLast(2)), whole, .truncated, "end", name)
    try expectOdd(Array(bytes.dropLast(1)), whole, .truncated, "end", name)
    // Where pixels are missing too, the image is still refused.
    for missing in 6..<16 {
      #expect(
        Fixture.kind { _ = try Image(encoded: Array(bytes.dropLast(missing))) } == .truncated,
        "\(name), \(missing)")
    }
  }

  @Test func aProgressiveImageCutBetweenItsScansIsNotWhole() throws {
    for name in ["progressive420.jpg", "progressive444.jpg", "gray-progressive.jpg", "scans.jpg"] {
      let bytes = try Fixture.image(name)
      let scans = bytes.indices.dropLast().filter {
        bytes[$0] == 0xff && [0xc4, 0xda].contains(bytes[$0 + 1])
      }
      for scan in scans.dropFirst(2) {
        #expect(
          Fixture.kind { _ = try Image(encoded: Array(bytes[..<scan])) } == .truncated, "\(name) at \(scan)")
      }
    }
  }

  @Test func bytesBeforeMarkersAreTold() throws {
    let bytes = try Fixture.image("rgb420.jpg")
    let whole = try Image(encoded: bytes)
    let end = bytes.count - 2
    try expectOdd(bytes[..<end] + [1, 2, 3] + bytes[end...], whole, .corrupt, "extraneous", "before the end")
    let frame = try #require(bytes.indices.dropLast().first { bytes[$0] == 0xff && bytes[$0 + 1] == 0xc0 })
    try expectOdd(
      bytes[..<frame] + [7, 7] + bytes[frame...], whole, .corrupt, "extraneous", "before the frame")
    let progressive = try Fixture.image("progressive420.jpg")
    let scan = try #require(
      progressive.indices.dropLast().last { progressive[$0] == 0xff && progressive[$0 + 1] == 0xda })
    try expectOdd(
      progressive[..<scan] + [9] + progressive[scan...], try Image(encoded: progressive), .corrupt,
      "extraneous",
      "between scans")
  }

  /// A chunk with its checksum, or one that is off by a bit.
  private func chunk(_ name: String, _ data: [UInt8], isWrong: Bool = false) -> [UInt8] {
    func long(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(value >> $0 & 255) } }
    let body = Array(name.utf8) + data
    let sum = body.withUnsafeBytes { PNGHeader.checksum($0, 0..<body.count) }
    return long(data.count) + body + long(isWrong ? sum ^ 1 : sum)
  }

  @Test func aWrongChecksumOfAnAncillaryChunkIsTold() throws {
    let bytes = try Fixture.image("rgb8.png")
    let whole = try Image(encoded: bytes)
    for name in ["tEXt", "gAMA", "tIME", "vnNt"] {
      let data: [UInt8] =
        name == "gAMA" ? [0, 0, 0xb1, 0x8f] : name == "tIME" ? [7, 0xe8, 1, 1, 0, 0, 0] : Array("a\0b".utf8)
      let intact = bytes[..<33] + chunk(name, data) + bytes[33...]
      #expect(try Image(encoded: Array(intact)).warning == nil, "\(name)")
      let wrong = bytes[..<33] + chunk(name, data, isWrong: true) + bytes[33...]
      try expectOdd(Array(wrong), whole, .corrupt, "CRC", name)
    }
  }

  @Test func aPNGWithoutItsLastChunkIsWhole() throws {
    for name in ["rgb8.png", "gray1i.png", "rgba16.png"] {
      let bytes = try Fixture.image(name)
      let whole = try Image(encoded: bytes)
      for missing in 1...12 {
        try expectOdd(
          Array(bytes.dropLast(missing)), whole, .truncated, "ends", "\(name) without \(missing) bytes")
      }
    }
  }

  @Test func aGIFWithoutItsEndIsWhole() throws {
    guard Fixture.readable("x.gif") != nil else { return }
    let bytes = try Fixture.format("gif-L-16x16.gif")
    let whole = try Image(encoded: bytes)
    // The trailer, then the block that ends the pixels.
    #expect(try Image(encoded: Array(bytes.dropLast(1))) == whole)
    try expectOdd(Array(bytes.dropLast(2)), whole, .truncated, "mark", "without its last block")
  }

  @Test func soundImagesHaveNoWarning() throws {
    for name in try Fixture.names() {
      #expect(try Image(encoded: Fixture.image(name), options: strict).warning == nil, "\(name)")
    }
  }
}
