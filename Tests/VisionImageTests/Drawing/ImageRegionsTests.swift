import Testing

@testable import VisionImage

/// Blurring, cutting out and warping.
@Suite struct ImageRegionsTests {
  private func board(_ width: Int, _ height: Int) throws -> Image {
    try Image(width: width, height: height) { target in
      for y in 0..<height {
        for x in 0..<width {
          for channel in 0..<3 { target[(y * width + x) * 3 + channel] = (x + y) % 2 == 0 ? 0 : 200 }
        }
      }
    }
  }

  private func pixel(_ image: Image, _ x: Int, _ y: Int) -> [UInt8] {
    image.withUnsafePixels { Array($0[(y * image.width + x) * 3..<(y * image.width + x) * 3 + 3]) }
  }

  @Test func nothingFineRemainsWhereItIsBlurred() throws {
    let image = try board(120, 100)
    let blurred = try image.blurred([PixelRegion(x: 30, y: 20, width: 48, height: 48)])
    // The box's own middle, and its sides: means of a board are gray.
    for (x, y) in [(54, 44), (31, 44), (77, 44), (54, 21), (54, 67)] {
      #expect(pixel(blurred, x, y).allSatisfy { abs(Int($0) - 100) <= 8 }, "\(x) \(y)")
    }
    // The ellipse reaches 0.15 of the sides beyond the box, no further.
    for (x, y) in [(20, 44), (86, 44), (54, 10), (54, 77), (23, 13), (0, 0), (119, 99)] {
      #expect(pixel(blurred, x, y) == pixel(image, x, y), "\(x) \(y)")
    }
  }

  @Test func oddRegionsAreBlurredWhereTheyAreInside() throws {
    let image = try board(40, 30)
    let regions = [
      PixelRegion(x: -10, y: -10, width: 20, height: 20), PixelRegion(x: 39.5, y: 29.5, width: 9, height: 9),
      PixelRegion(x: 90, y: 90, width: 5, height: 5), PixelRegion(x: .nan, y: 0, width: 1, height: 1),
      PixelRegion(x: 5, y: 5, width: 0, height: 3),
    ]
    let blurred = try image.blurred(regions)
    #expect(pixel(blurred, 2, 2) != pixel(image, 2, 2))
    #expect(pixel(blurred, 20, 15) == pixel(image, 20, 15))
  }

  @Test func regionsAreCutOutToWholePixels() throws {
    let image = try board(40, 30)
    let part = try image.cropped(to: PixelRegion(x: 3.2, y: 4, width: 5, height: 6.5))
    #expect(part.width == 6 && part.height == 7)
    #expect(pixel(part, 0, 0) == pixel(image, 3, 4))
    let edge = try image.cropped(to: PixelRegion(x: 90, y: -4, width: 3, height: 1))
    #expect(edge.width == 1 && edge.height == 1 && pixel(edge, 0, 0) == pixel(image, 39, 0))
    #expect(throws: ImageError.self) {
      try image.cropped(to: PixelRegion(x: .nan, y: 0, width: 1, height: 1))
    }
  }

  @Test func warpingByWholePixelsCopiesThem() throws {
    let image = try board(9, 7)
    #expect(try image.warped(by: .identity, width: 9, height: 7) == image)
    let moved = try image.warped(by: AffineMap(tx: -2, ty: -3), width: 5, height: 4)
    #expect(moved == (try image.cropped(x: 2, y: 3, width: 5, height: 4)))
    // To the right by 4: what was not in the image is black.
    let dark = try image.warped(by: AffineMap(tx: 4), width: 4, height: 7)
    #expect(dark.pixels.allSatisfy { $0 == 0 })
  }

  @Test func betweenPixelsItIsLinear() throws {
    let image = try Image(width: 2, height: 1, pixels: [0, 100, 40, 200, 20, 40])
    // Middles at 0.5 and 1.5; half a pixel to the left, the first pixel shows what was between them.
    let moved = try image.warped(by: AffineMap(tx: -0.5), width: 2, height: 1)
    #expect(moved.pixels == [100, 60, 40, 100, 10, 20])
    // A quarter turn: x′ = y, y′ = 2 - x.
    let turned = try image.warped(by: AffineMap(a: 0, b: 1, c: -1, d: 0, ty: 2), width: 1, height: 2)
    #expect(turned.pixels == [200, 20, 40, 0, 100, 40])
    #expect(throws: ImageError.self) { try image.warped(by: AffineMap(a: 0, d: 0), width: 2, height: 2) }
  }
}
