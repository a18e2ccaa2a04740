import Testing

@testable import VisionImage

@Suite struct ImageDecodingTests {
  @Test func everyImageEqualsPillowsRGB() throws {
    let rows = try Fixture.table("decoded.tsv")
    #expect(rows.count >= 50)
    for row in rows {
      let image = try Image(contentsOf: Fixture.images + "/" + row[0])
      #expect([row[0], "\(image.width)", "\(image.height)", Fixture.checksum(image)] == row)
    }
  }

  @Test(.enabled(if: Fixture.sharedData != nil, "needs ../shared/data/decoders"))
  func thePublicSuitesEqualPillowsRGB() throws {
    guard let root = Fixture.sharedData else { return }
    for row in try Fixture.table("decoders.tsv") {
      let path = root + "/decoders/" + row[0]
      if row[1] == "error" {
        let kind = Fixture.kind { _ = try Image(contentsOf: path) }
        #expect(kind?.rawValue == row[2], "\(row[0])")
      } else {
        let image = try Image(contentsOf: path)
        #expect([row[0], "\(image.width)", "\(image.height)", Fixture.checksum(image)] == row)
      }
    }
  }

  @Test(.enabled(if: Fixture.sharedData != nil, "needs ../shared/data/decoders"))
  func libjpegsOwnReferenceImageIsMet() throws {
    guard let root = Fixture.sharedData else { return }
    // P6, size and maximum on three lines, then the pixels.
    let reference = try Fixture.bytes(root + "/decoders/jpeg/testorig.ppm")
    let image = try Image(contentsOf: root + "/decoders/jpeg/testorig.jpg")
    // The reference was made by another build of libjpeg; Pillow's pixels, which ours equal, are up to 3 away too.
    let differences = zip(reference.suffix(image.width * image.height * 3), image.pixels).map {
      abs(Int($0) - Int($1))
    }
    #expect(differences.count == image.width * image.height * 3)
    #expect((differences.max() ?? 255) <= 3)
  }

  @Test func theOrientationCanBeSwitchedOff() throws {
    var options = ImageOptions()
    options.appliesOrientation = false
    let path = Fixture.images + "/orientation6.jpg"
    let stored = try Image(contentsOf: path, options: options)
    let upright = try Image(contentsOf: path)
    #expect([stored.width, stored.height] == [21, 14])
    #expect([upright.width, upright.height] == [14, 21])
    // Rotated clockwise: the first stored row becomes the last column.
    let (a, b) = (stored.pixels, upright.pixels)
    for x in 0..<21 {
      for channel in 0..<3 { #expect(b[(x * 14 + 13) * 3 + channel] == a[x * 3 + channel]) }
    }
  }

  @Test func limitsAreCheckedFromTheHeader() throws {
    let bytes = try Fixture.image("rgb420.jpg")
    for options in [
      ImageOptions(maximumPixels: 45 * 31 - 1), ImageOptions(maximumSide: 44),
      ImageOptions(maximumFileBytes: bytes.count - 1),
    ] {
      #expect(Fixture.kind { _ = try Image(encoded: bytes, options: options) } == .tooLarge)
    }
    let enough = ImageOptions(
      maximumPixels: 45 * 31, maximumSide: 45, maximumFileBytes: bytes.count)
    #expect(try Image(encoded: bytes, options: enough).width == 45)
  }

  @Test func anEnormousImageInASmallFileIsRefusedBeforeAnythingIsAllocated() throws {
    var bytes = try Fixture.image("gray1.png")
    func setSize(_ width: UInt32, _ height: UInt32) {
      for index in 0..<4 {
        bytes[16 + index] = UInt8(truncatingIfNeeded: width >> (24 - 8 * UInt32(index)))
        bytes[20 + index] = UInt8(truncatingIfNeeded: height >> (24 - 8 * UInt32(index)))
      }
      let sum = bytes.withUnsafeBytes { PNGHeader.checksum($0, 12..<29) }
      for index in 0..<4 { bytes[29 + index] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * index)) }
    }
    setSize(0x7fff_ffff, 0x7fff_ffff)
    #expect(Fixture.kind { _ = try Image(encoded: bytes) } == .tooLarge)
    setSize(16000, 16000)
    #expect(Fixture.kind { _ = try Image(encoded: bytes) } == .truncated)
    setSize(0, 5)
    #expect(Fixture.kind { _ = try Image(encoded: bytes) } == .corrupt)
  }

  @Test func theErrorNamesTheFileAndTheReason() throws {
    let bytes = Array(try Fixture.image("rgb420.jpg").dropLast(40))
    do {
      _ = try Image(encoded: bytes, name: "holiday.jpg")
      Issue.record("a truncated file was read")
    } catch {
      #expect(error.code == "truncated")
      #expect(error.place == "holiday.jpg")
      #expect(error.description.hasPrefix("holiday.jpg: the JPEG is cut short"))
    }
  }
}
