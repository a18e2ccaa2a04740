import Testing

@testable import VisionImage

@Suite struct ImageInfoTests {
  private func info(_ name: String) throws -> ImageInfo {
    try ImageInfo(contentsOf: Fixture.images + "/" + name)
  }

  @Test func pngHeadersAreRead() throws {
    let cases: [(String, Int, ImageInfo.ColorModel, Bool)] = [
      ("gray1.png", 1, .gray, false), ("gray16i.png", 16, .gray, true), ("palette4i.png", 4, .palette, true),
      ("rgb16.png", 16, .rgb, false), ("grayalpha8.png", 8, .grayAlpha, false),
      ("rgba8i.png", 8, .rgba, true),
    ]
    for (name, depth, model, interlaced) in cases {
      let info = try info(name)
      #expect(info.format == .png)
      #expect([info.width, info.height, info.bitDepth] == [19, 13, depth])
      #expect(info.colorModel == model)
      #expect(info.isInterlaced == interlaced)
      #expect(info.orientation == .upright)
    }
  }

  @Test func jpegHeadersAreRead() throws {
    let cases: [(String, ImageInfo.ColorModel, Bool)] = [
      ("rgb420.jpg", .ycbcr, false), ("progressive444.jpg", .ycbcr, true), ("gray.jpg", .gray, false),
      ("plain-rgb.jpg", .rgb, false), ("cmyk.jpg", .cmyk, false), ("ycck.jpg", .ycck, false),
    ]
    for (name, model, progressive) in cases {
      let info = try info(name)
      #expect(info.format == .jpeg)
      #expect([info.width, info.height, info.bitDepth] == [45, 31, 8])
      #expect(info.colorModel == model)
      #expect(info.isInterlaced == progressive)
      #expect(!info.isArithmetic)
    }
  }

  @Test func theOrientationIsFoundBeforeAndAfterThePixels() throws {
    #expect(try info("exif-before.png").orientation == .rotated90Clockwise)
    #expect(try info("exif-after.png").orientation == .transposed)
    let turned = try info("orientation8.jpg")
    #expect(turned.orientation == .rotated90Counterclockwise)
    #expect([turned.width, turned.height, turned.uprightWidth, turned.uprightHeight] == [21, 14, 14, 21])
  }
}
