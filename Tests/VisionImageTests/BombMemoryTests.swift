import Testing
import VisionTestSupport

@testable import VisionImage

/// What refusing a bomb costs in memory, everything counted that was asked for on the way.
@Suite struct BombMemoryTests {
  private func expectCheap(_ bytes: [UInt8], _ name: Comment) {
    for allowsTruncated in [false, true] {
      var kind: ImageError.Kind?
      let heap = heapBytes {
        kind = Fixture.kind {
          _ = try Image(encoded: bytes, options: ImageOptions(allowsTruncated: allowsTruncated))
        }
      }
      #expect(kind == .tooLarge, name)
      if let heap {
        #expect(heap < 50 << 20, name)
      } else {
        print("skipped: the bytes that are asked for cannot be counted here")
      }
    }
  }

  @Test func aPNGOf50000By50000() throws {
    var bytes = try Fixture.image("gray1.png")
    for start in [16, 20] { bytes.replaceSubrange(start..<start + 4, with: [0, 0, 0xc3, 0x50]) }
    let sum = bytes.withUnsafeBytes { PNGHeader.checksum($0, 12..<29) }
    for index in 0..<4 { bytes[29 + index] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * index)) }
    expectCheap(bytes + [UInt8](repeating: 0, count: 4096), "PNG")
  }

  @Test(arguments: ["rgb420.jpg", "progressive420.jpg"]) func aJPEGOf65500By65500(name: String) throws {
    var bytes = try Fixture.image(name)
    let frame = try #require(
      bytes.indices.dropLast().first { bytes[$0] == 0xff && [0xc0, 0xc2].contains(bytes[$0 + 1]) })
    for start in [frame + 5, frame + 7] { bytes.replaceSubrange(start..<start + 2, with: [0xff, 0xdc]) }
    expectCheap(bytes, "\(name)")
  }
}
