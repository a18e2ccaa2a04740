import Testing
import VisionTensor

@testable import VisionImage

/// Damaged files in the formats that the system's libraries read, and BMP.
@Suite struct HostileFormatTests {
  private let limits = ImageOptions(maximumPixels: 1 << 18, maximumSide: 1 << 12)

  /// The smallest fixtures of each format and kind.
  private func names(under limit: Int) throws -> [String] {
    try Fixture.table("formats.tsv").map { $0[0] }.filter {
      try Fixture.readable($0) != nil && Fixture.format($0).count < limit
    }
  }

  @Test func aCutImageIsRefusedOrWhole() throws {
    for name in try names(under: 1000) {
      let bytes = try Fixture.format(name)
      let whole = try Image(encoded: bytes)
      // libheif takes long to start.
      let step = name.hasPrefix("heic") || name.hasPrefix("avif") ? 11 : 1
      for count in stride(from: 0, to: bytes.count, by: step) {
        do {
          let image = try Image(encoded: Array(bytes[..<count]))
          #expect(image == whole, "\(name), \(count) of \(bytes.count) bytes")
        } catch {
          let kinds: [ImageError.Kind] = count == 0 ? [.empty] : [.truncated, .corrupt, .unsupported]
          #expect(kinds.contains(error.kind), "\(name), \(count) of \(bytes.count) bytes: \(error)")
          // Behind the header there is no doubt about what is wrong.
          if count > bytes.count * 3 / 4 { #expect(error.kind != .unsupported, "\(name), \(count)") }
        }
      }
    }
  }

  /// Found by a fuzzer: the header of a frame that says it is longer than the file, which ends within that header.
  @Test func anAnimationMayEndAnywhereInItsHeaders() throws {
    for name in try Fixture.table("formats.tsv").map({ $0[0] }) where name.hasPrefix("webp-animated") {
      let bytes = try Fixture.format(name)
      for count in 1..<min(bytes.count, 256) {
        #expect(throws: ImageError.self, "\(name), \(count) bytes") {
          try Image(encoded: Array(bytes[..<count]))
        }
      }
    }
  }

  /// Found by a fuzzer: lengths of three bytes, which there are none of, so that nothing says where the image is.
  @Test func aContainerThatDoesNotSayWhereItsImageIsIsRefused() throws {
    for name in try Fixture.table("formats.tsv").map({ $0[0] })
    where name.hasPrefix("avif-") || name.hasPrefix("heic-") {
      var bytes = try Fixture.format(name)
      let box = try #require(
        bytes.indices.dropLast(9).first { bytes[$0..<$0 + 4].elementsEqual("iloc".utf8) })
      // Lengths of three bytes, then of none: those would be all that is left, and libheif finds nothing.
      for size: UInt8 in [3, 0] {
        bytes[box + 8] = bytes[box + 8] & 0xf0 | size
        let error = #expect(throws: ImageError.self, "\(name), \(size)") {
          try bytes.withUnsafeBytes { try ImageInfo(encoded: $0) }
        }
        #expect([.corrupt, .truncated].contains(error?.kind), "\(name), \(size)")
      }
    }
  }

  /// Found by a fuzzer: thousands of parts of an item, or of references, for which the file has no bytes.
  @Test func partsAndReferencesAreNoMoreThanTheFileHasBytesFor() throws {
    func box(_ name: String, _ data: [UInt8]) -> [UInt8] {
      let size = data.count + 8
      return [0, 0, UInt8(size >> 8), UInt8(size & 255)] + Array(name.utf8) + data
    }
    // Version 0, no bytes for offsets, lengths and bases; item 1 of 65,535 parts.
    let locations = box("iloc", [0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0xff, 0xff])
    // From item 1 to 65,535 others, of which there are two.
    let references = box("iref", [0, 0, 0, 0] + box("dimg", [0, 1, 0xff, 0xff, 0, 7, 0, 8]))
    let bytes = box("meta", [0, 0, 0, 0] + locations + references) + [UInt8](repeating: 1, count: 1 << 18)
    try bytes.withUnsafeBytes {
      let container = try #require(HEIFContainer($0))
      #expect(container.items[1]?.extents.count == 1)
      #expect(container.references.map(\.to) == [[7, 8]])
    }
  }

  @Test func everyFlippedByteIsReadOrRefused() throws {
    for name in try names(under: 600) {
      let whole = try Fixture.format(name)
      let step = name.hasPrefix("heic") || name.hasPrefix("avif") ? 5 : 1
      for position in stride(from: 0, to: whole.count, by: step) {
        var bytes = whole
        bytes[position] ^= [0xff, 0x01, 0x80, 0x55][position % 4]
        for allowsTruncated in [false, true] {
          var options = limits
          options.allowsTruncated = allowsTruncated
          guard let image = try? Image(encoded: bytes, options: options) else { continue }
          #expect(image.pixels.count == image.width * image.height * 3)
          #expect(allowsTruncated || image.damage == nil)
        }
      }
    }
  }

  @Test func whatIsThereOfACutImageIsShownWhenAsked() throws {
    let names = [
      "bmp-os2-24-7x5.bmp", "bmp-rle8-absolute-7x5.bmp", "gif-L-16x16.gif", "tiff-LA-tiff_lzw-17x31.tif",
      "tiff-RGB-raw-17x31.tif", "webp-lossy-17x31.webp",
    ]
    for name in names where Fixture.readable(name) != nil {
      let bytes = try Fixture.format(name)
      let whole = try Image(encoded: bytes)
      // Of a TIFF the directory comes last; there the pixels are damaged instead.
      // The palette of the BMP with runs is most of it.
      var cut = Array(bytes.dropLast(name.hasPrefix("bmp-rle8") ? 12 : bytes.count / 5))
      if name.hasPrefix("tiff") {
        cut = bytes
        let middle = bytes.count / 3
        for index in middle..<middle + 40 { cut[index] = 0xff }
        guard name.contains("lzw") else { continue }
      }
      #expect(Fixture.kind { _ = try Image(encoded: cut) } != nil, "\(name)")
      let shown = try Image(encoded: cut, options: ImageOptions(allowsTruncated: true))
      #expect(shown.damage?.contains("is damaged") == true, "\(name)")
      #expect([shown.width, shown.height] == [whole.width, whole.height])
      #expect(shown.pixels != whole.pixels)
    }
  }

  /// Headers that promise enormous images: where the sides stand, and how.
  @Test func enormousImagesAreRefusedFromTheirHeaders() throws {
    func patched(_ name: String, _ changes: [(Int, [UInt8])]) throws -> [UInt8] {
      var bytes = try Fixture.format(name)
      for (offset, value) in changes { bytes.replaceSubrange(offset..<offset + value.count, with: value) }
      return bytes
    }
    let million: [UInt8] = [0x40, 0x42, 0x0f, 0]
    let cases = [
      try patched("bmp-os2-24-7x5.bmp", [(18, [0xff, 0xff, 0xff, 0xff])]),
      try patched("bmp-555-7x5.bmp", [(18, million), (22, million)]),
      try patched("bmp-rle8-runs-7x5.bmp", [(18, [0xff, 0xff, 0, 0]), (22, [0xff, 0xff, 0, 0])]),
      try patched("gif-L-16x16.gif", [(6, [0xff, 0xff, 0xff, 0xff])]),
      try patched("webp-alpha-17x31.webp", [(24, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff])]),
    ]
    for bytes in cases {
      for options in [ImageOptions(), ImageOptions(allowsTruncated: true)] {
        let kind = Fixture.kind { _ = try Image(encoded: bytes, options: options) }
        #expect(kind == .tooLarge || kind == .truncated || kind == .corrupt)
      }
    }
    var tiff = try Fixture.format("tiff-gray4-1mm.tif")
    let width = try #require(
      tiff.indices.first { Array(tiff[$0..<min($0 + 4, tiff.count)]) == [1, 0, 0, 4] })
    for offset in [width + 8, width + 20] {
      tiff.replaceSubrange(offset..<offset + 4, with: [0, 0x0f, 0x42, 0x40])
    }
    #expect(Fixture.kind { _ = try Image(encoded: tiff) } == .tooLarge)
  }

  @Test func compressedPixelsLargerThanTheirContainerSaysAreRefused() throws {
    for name in ["heic-q20-45x31.heic", "avif-q20-45x31.avif", "heic-alpha-45x31.heic"] {
      let bytes = try Fixture.format(name)
      let sizes = try bytes.withUnsafeBytes { buffer throws in
        try HEIFHeader(buffer, ImageFormat(path: name) ?? .heic).codedSizes
      }
      #expect(!sizes.isEmpty, "\(name)")
      // Codecs fill up to whole blocks.
      #expect(
        sizes.allSatisfy { (45...64).contains($0.width) && (31...64).contains($0.height) },
        "\(name): \(sizes)")
    }
    let huge = HEIFCodedSize(width: 65_536, height: 65_536)
    #expect(Fixture.kind { try ImageOptions().check(coded: huge) } == .tooLarge)
    #expect(
      Fixture.kind { try ImageOptions(maximumPixels: 45 * 31).check(coded: .init(width: 64, height: 32)) }
        == nil)
  }

  /// Found by a fuzzer: a grid whose only tile is itself, for which libheif starts threads until there are no more.
  @Test func anImageMadeOfItselfIsRefused() throws {
    var count = 0
    for name in try Fixture.table("formats.tsv").map({ $0[0] }) where name.hasPrefix("heic-") {
      var bytes = try Fixture.format(name)
      let boxes = bytes.indices.dropLast(10).filter {
        bytes[$0..<$0 + 4].elementsEqual("dimg".utf8) && bytes[$0 + 6..<$0 + 8] == [0, 1]
      }
      for box in boxes { bytes.replaceSubrange(box + 8..<box + 10, with: bytes[box + 4..<box + 6]) }
      guard !boxes.isEmpty else { continue }
      count += 1
      #expect(Fixture.kind { _ = try Image(encoded: bytes) } == .corrupt, "\(name)")
    }
    #expect(count > 0)
  }

  @Test func chainsAndFansOfDerivedImagesAreCounted() throws {
    /// The derivation of item 1, where item i refers `fan` times to item i + 1, up to item `last`.
    func derivation(last: Int, fan: Int) throws -> HEIFDerivation {
      func word(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }
      func box(_ name: String, _ data: [UInt8]) -> [UInt8] {
        [0, 0] + word(data.count + 8) + Array(name.utf8) + data
      }
      var references: [UInt8] = [0, 0, 0, 0]
      for item in 1..<last {
        let targets = (0..<fan).flatMap { _ in word(item + 1) }
        references += box("dimg", word(item) + word(fan) + targets)
      }
      let items = (1...last).flatMap { box("infe", [2, 0, 0, 0] + word($0) + [0, 0] + Array("grid".utf8)) }
      let bytes = box(
        "meta",
        [0, 0, 0, 0] + box("pitm", [0, 0, 0, 0, 0, 1]) + box("iinf", [0, 0, 0, 0] + word(last) + items)
          + box("iref", references))
      return try bytes.withUnsafeBytes { HEIFDerivation(try #require(HEIFContainer($0))) }
    }
    let least = 64 * 64
    #expect(try derivation(last: 3, fan: 1).pixels == 3 * least)
    #expect(try !derivation(last: 9, fan: 1).isEndless)
    #expect(try derivation(last: 10, fan: 1).isEndless)
    // 1 + 2 + 4 images.
    #expect(try derivation(last: 3, fan: 2).pixels == 7 * least)
    let bomb = try derivation(last: 9, fan: 800)
    #expect(bomb.pixels == Int.max)
    #expect(Fixture.kind { try ImageOptions().check(bomb, .heic) } == .tooLarge)
  }

  /// Found by a fuzzer: a parameter set of which the configuration holds no more than the first byte.
  @Test func aConfigurationMayEndAnywhere() throws {
    // Version and levels, then one array of one unit of type 33 (a sequence parameter set) with eight bytes.
    let unit: [UInt8] = [0x42, 0x01, 0x01, 0x03, 0x70, 0, 0, 0]
    let record = [UInt8](repeating: 0, count: 22) + [1, 0x21, 0, 1, 0, UInt8(unit.count)] + unit
    for count in 0...record.count {
      record.withUnsafeBytes {
        #expect(HEVCParameters.sizes(configuration: .init(rebasing: $0[..<count])).isEmpty, "\(count)")
      }
    }
    let units = [0, 0, 0, UInt8(unit.count)] + unit
    for count in 0...units.count {
      units.withUnsafeBytes {
        #expect(HEVCParameters.sizes(units: .init(rebasing: $0[..<count])).isEmpty, "\(count)")
      }
    }
  }
}
