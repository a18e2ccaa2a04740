import Testing
import VisionTensor

@testable import VisionImage

@Suite struct HostileInputTests {
  @Test func everyPrefixOfEveryImageIsRefused() throws {
    // An orientation may stand behind the pixels, too.
    var asStored = ImageOptions()
    asStored.appliesOrientation = false
    for name in try Fixture.names() {
      var bytes = try Fixture.image(name)
      // The first of several images ends before the file does.
      if name == "several.jpg" {
        let end = try #require(bytes.indices.dropLast().first { bytes[$0] == 0xff && bytes[$0 + 1] == 0xd9 })
        bytes = Array(bytes[..<(end + 2)])
      }
      // Every length at the ends, every third in between.
      for count in 0..<bytes.count where count < 80 || count > bytes.count - 80 || count % 3 == 0 {
        do {
          // Only what comes behind the pixels may be missing.
          let image = try Image(encoded: Array(bytes[..<count]), options: asStored)
          #expect(image.warning != nil && count >= pixelEnd(bytes), "\(name), \(count)")
          #expect(try image == Image(encoded: bytes, options: asStored))
        } catch {
          #expect(
            error.kind == (count == 0 ? .empty : .truncated), "\(name), \(count) of \(bytes.count) bytes")
        }
      }
    }
  }

  /// Where the pixels end: before a JPEG's end marker, or behind the last chunk of a PNG's image.
  private func pixelEnd(_ bytes: [UInt8]) -> Int {
    if bytes[0] == 0xff { return bytes.count - 2 }
    var (offset, end) = (8, 0)
    while offset < bytes.count {
      let length = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      let isPixels = bytes[offset + 4..<offset + 8].elementsEqual("IDAT".utf8)
      offset += length + 12
      if isPixels { end = offset }
    }
    return end
  }

  @Test func flippedBytesNeverCrash() throws {
    let options = ImageOptions(maximumPixels: 1 << 20)
    var (read, refused) = (0, 0)
    for (image, name) in try Fixture.names().enumerated() {
      let whole = try Fixture.image(name)
      for sample in 0..<150 {
        var bytes = whole
        for flip in 0...UInt32(sample % 4) {
          let random = Philox(seed: 42).block(UInt32(image), UInt32(sample), flip, 0)
          bytes[Int(random.x % UInt32(bytes.count))] = UInt8(truncatingIfNeeded: random.y)
        }
        do {
          let image = try Image(encoded: bytes, options: options)
          #expect(image.pixels.count == image.width * image.height * 3)
          read += 1
        } catch { refused += 1 }
        _ = try? bytes.withUnsafeBytes { buffer throws in try ImageInfo(encoded: buffer) }
      }
    }
    #expect(refused > 0 && read > 0)
  }

  @Test func foreignFormatsAreNamed() throws {
    func ascii(_ text: String) -> [UInt8] { [UInt8](text.utf8) + [UInt8](repeating: 0, count: 32) }
    let cases: [(String, [UInt8])] = [
      ("film", ascii("\0\0\0\u{18}ftypqt  ")), ("JPEG 2000", ascii("\0\0\0\u{0c}jP  ")),
      ("Photoshop", ascii("8BPS")), ("SVG", ascii("<svg")), ("Netpbm", ascii("P6 1 1 255")),
      ("JPEG XL", [0xff, 0x0a, 0, 0, 0, 0, 0, 0, 0]), ("CgBI", cgbi),
    ]
    for (name, bytes) in cases {
      do {
        _ = try Image(encoded: bytes)
        Issue.record("\(name) was read")
      } catch {
        #expect(error.kind == .unsupported)
        #expect(error.message.contains(name))
        #expect(error.remedy != nil)
      }
    }
    #expect(Fixture.kind { _ = try Image(encoded: ascii("hello, world")) } == .unsupported)
  }

  private var cgbi: [UInt8] {
    [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 4] + [UInt8]("CgBI".utf8)
      + [UInt8](repeating: 0, count: 40)
  }

  @Test func unusualKindsOfJPEGAreNamed() throws {
    let bytes = try Fixture.image("rgb444.jpg")
    let frame = try #require(bytes.indices.dropLast().first { bytes[$0] == 0xff && bytes[$0 + 1] == 0xc0 })
    let changes: [(Int, UInt8, String)] = [
      (1, 0xc3, "lossless JPEG"), (1, 0xc5, "hierarchical JPEG"), (1, 0xf7, "JPEG-LS"),
      (4, 12, "12-bit JPEG"), (9, 2, "JPEG of 2 components"),
    ]
    for (offset, value, name) in changes {
      var changed = bytes
      changed[frame + offset] = value
      do {
        _ = try Image(encoded: changed)
        Issue.record("\(name) was read")
      } catch {
        #expect(error.kind == .unsupported)
        #expect(error.message == "\(name) is not supported")
      }
    }
  }

  @Test func aWrongChecksumOfThePixelsIsCorruption() throws {
    var bytes = try Fixture.image("rgb8.png")
    bytes[60] ^= 1
    #expect(Fixture.kind { _ = try Image(encoded: bytes) } == .corrupt)
  }
}
