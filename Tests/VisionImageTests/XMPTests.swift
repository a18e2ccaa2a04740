import Testing

@testable import VisionImage

/// Orientation in XMP, which counts where EXIF has none.
@Suite struct XMPTests {
  private func orientation(_ text: String) -> Orientation? {
    Array(text.utf8).withUnsafeBytes { XMP($0).orientation }
  }

  @Test func attributesAndElementsAreFound() {
    #expect(orientation(#"<rdf:Description tiff:Make="x" tiff:Orientation="6"/>"#) == .rotated90Clockwise)
    #expect(orientation("<rdf:Description tiff:Orientation = '3'/>") == .rotated180)
    #expect(orientation("<tiff:Orientation>8</tiff:Orientation>") == .rotated90Counterclockwise)
    #expect(orientation("<tiff:Orientation>\n  2\n</tiff:Orientation>") == .mirroredHorizontally)
    for text in [
      "", "tiff:Orientation", #"tiff:Orientation="0""#, #"tiff:Orientation="9""#, #"tiff:Orientation="12""#,
      #"tiff:Orientation="x""#, #"exif:Orientation="6""#, "tiff:Orientation=6", #"tiff:Orientation="6"#,
    ] {
      #expect(orientation(text) == nil, "\(text)")
    }
  }

  private let packet = Array(#"<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>"#.utf8)

  private func segment(_ data: [UInt8]) -> [UInt8] {
    [0xff, 0xe1, UInt8((data.count + 2) >> 8), UInt8((data.count + 2) & 255)] + data
  }

  @Test func jpegAndPNGAreTurnedByIt() throws {
    let jpeg = try Fixture.image("rgb420.jpg")
    let xmp = segment(Array("http://ns.adobe.com/xap/1.0/\0".utf8) + packet)
    let turned = try Image(encoded: jpeg[..<2] + xmp + jpeg[2...])
    let lying = try Image(encoded: jpeg)
    #expect([turned.width, turned.height] == [lying.height, lying.width])
    let keyword = Array("XML:com.adobe.xmp\0\0\0\0\0".utf8)
    let png = try Fixture.image("rgb8.png")
    for tail in [12, 0] {
      // Before the pixels, and behind them.
      let place = tail == 0 ? 33 : png.count - tail
      let body = Array("iTXt".utf8) + keyword + packet
      let sum = body.withUnsafeBytes { PNGHeader.checksum($0, 0..<body.count) }
      let length = body.count - 4
      let chunk =
        [0, 0, UInt8(length >> 8), UInt8(length & 255)] + body
        + [24, 16, 8, 0].map { UInt8(sum >> $0 & 255) }
      let info = try Image(encoded: png[..<place] + chunk + png[place...])
      #expect([info.width, info.height] == [13, 19])
    }
  }

  @Test func exifCountsMore() throws {
    let jpeg = try Fixture.image("rgb420.jpg")
    let xmp = segment(Array("http://ns.adobe.com/xap/1.0/\0".utf8) + packet)
    func exif(_ value: UInt8, tag: UInt8 = 0x12) -> [UInt8] {
      segment(
        Array("Exif\0\0II*\0".utf8) + [
          8, 0, 0, 0, 1, 0, tag, 1, 3, 0, 1, 0, 0, 0, value, 0, 0, 0, 0, 0, 0, 0,
        ])
    }
    func orientation(_ segments: [UInt8]) throws -> Orientation {
      try Array(jpeg[..<2] + segments + jpeg[2...]).withUnsafeBytes { buffer throws in
        try ImageInfo(encoded: buffer).orientation
      }
    }
    #expect(try orientation(exif(3) + xmp) == .rotated180)
    #expect(try orientation(xmp + exif(3)) == .rotated180)
    #expect(try orientation(exif(1) + xmp) == .upright)
    // EXIF without an orientation says nothing of it.
    #expect(try orientation(exif(1, tag: 0x1a) + xmp) == .rotated90Clockwise)
    #expect(try orientation(xmp) == .rotated90Clockwise)
  }
}
