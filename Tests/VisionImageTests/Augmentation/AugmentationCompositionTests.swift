import Testing
import VisionTensor

@testable import VisionImage

@Suite struct AugmentationCompositionTests {
  private static func image(_ width: Int, _ height: Int) throws -> Image {
    try Image(width: width, height: height) { pixels in
      for index in pixels.indices {
        let (x, y, channel) = (index / 3 % width, index / 3 / width, index % 3)
        pixels[index] = UInt8((x * 5 + y * 3 * (channel + 1)) % 200 + channel * 20)
      }
    }
  }

  private static func preprocessing(_ fit: FitMode = .squash) throws -> Preprocessing {
    try Preprocessing(width: 40, height: 30, fit: fit, filter: .bilinear)
  }

  private func pixel(_ canvas: AugmentationCanvas, _ x: Int, _ y: Int) -> [UInt8] {
    Array(canvas.pixels[(y * canvas.width + x) * 3..<(y * canvas.width + x) * 3 + 3])
  }

  @Test func aWholeImageIsDrawnAsThePreprocessingFitsIt() throws {
    let image = try Self.image(64, 50)
    let preprocessing = try Self.preprocessing()
    let canvas = AugmentationCanvas()
    try canvas.compose(for: preprocessing)
    let map = try canvas.draw(image, width: 40, height: 30, x: 0, y: 0, columns: 0..<40, rows: 0..<30)
    #expect(try preprocessing.image(on: canvas) == preprocessing.image(of: image))
    #expect(map == preprocessing.geometry(width: 64, height: 50).map)
    var numbers = [Float](repeating: 0, count: preprocessing.elementCount)
    try numbers.withUnsafeMutableBufferPointer { try preprocessing.write(canvas, into: $0) }
    #expect(numbers == (try preprocessing.apply(to: image)).floats)
  }

  @Test func onlyThePartInsideIsDrawn() throws {
    let image = try Self.image(50, 37)
    let around = RGBColor(red: 1, green: 2, blue: 3)
    let canvas = AugmentationCanvas()
    try canvas.compose(for: Self.preprocessing(.letterbox(fill: around)))
    // Resized to 70 × 45, from column -12 and row 9 on, and only upon columns 5..<25 and rows 4..<20.
    let map = try canvas.draw(image, width: 70, height: 45, x: -12, y: 9, columns: 5..<25, rows: 4..<20)
    let resized = try image.resized(width: 70, height: 45, filter: .bilinear)
    let whole = resized.pixels
    for y in 0..<30 {
      for x in 0..<40 {
        let at = ((y - 9) * 70 + x + 12) * 3
        let isDrawn = (5..<25).contains(x) && (9..<20).contains(y)
        #expect(pixel(canvas, x, y) == (isDrawn ? Array(whole[at..<at + 3]) : [1, 2, 3]), "\(x) \(y)")
      }
    }
    #expect(map == AffineMap(a: 1.4, tx: -12, d: 45.0 / 37, ty: 9))
    // What lies outside changes nothing.
    let before = Array(canvas.pixels)
    _ = try canvas.draw(image, width: 9, height: 9, x: 50, y: 0, columns: 0..<40, rows: 0..<30)
    #expect(Array(canvas.pixels) == before)
  }

  @Test func anImageThatWasDecodedSmallerCountsAsTheWhole() throws {
    // A smooth image, which looks the same whether it is decoded smaller or not; its sides are no multiples of 4.
    let whole = try Image(width: 403, height: 301) { pixels in
      for index in pixels.indices {
        pixels[index] = UInt8(40 + (index / 3 % 403) * 150 / 403 + (index / 3 / 403) * 50 / 301)
      }
    }
    let bytes = try whole.jpegData(quality: 95)
    let preprocessing = try Self.preprocessing().decoding(.scaled)
    let smaller = try Image(encoded: bytes, options: ImageOptions(preprocessing: preprocessing))
    #expect(smaller.width < 403 && smaller.wholeWidth == 403)
    func drawn(_ image: Image) throws -> (pixels: [UInt8], map: AffineMap) {
      let canvas = AugmentationCanvas()
      try canvas.compose(for: preprocessing)
      let map = try canvas.draw(image, width: 61, height: 47, x: -9, y: -5, columns: 0..<40, rows: 0..<30)
      return (Array(canvas.pixels), map)
    }
    let (a, b) = (try drawn(smaller), try drawn(Image(encoded: bytes)))
    #expect(a.map == b.map)
    let differences = zip(a.pixels, b.pixels).map { abs(Int($0) - Int($1)) }
    // Two roundings; a shift by one pixel of the whole image would be 0.4 levels more in the mean.
    #expect(Double(differences.reduce(0, +)) / Double(differences.count) < 0.5)
    #expect(differences.max() ?? 0 <= 8)
  }

  @Test func canvasesAreBlended() throws {
    let (a, b) = (AugmentationCanvas(), AugmentationCanvas())
    let preprocessing = try Self.preprocessing()
    for (canvas, image) in [(a, try Self.image(40, 30)), (b, try Self.image(30, 40))] {
      try canvas.compose(for: preprocessing)
      _ = try canvas.draw(image, width: 40, height: 30, x: 0, y: 0, columns: 0..<40, rows: 0..<30)
    }
    let (own, other) = (Array(a.pixels), Array(b.pixels))
    // 0.7 of 255 is 178.5, rounded to 179.
    a.blend(with: b, share: 0.7)
    let wanted = zip(own, other).map { UInt8((Int($0) * 179 + Int($1) * 76 + 127) / 255) }
    #expect(Array(a.pixels) == wanted)
    a.blend(with: b, share: 0)
    #expect(Array(a.pixels) == other)
    b.blend(with: a, share: 1)
    #expect(Array(b.pixels) == other)
  }

  @Test func whatCannotBeDrawnIsRefused() throws {
    let image = try Self.image(8, 8)
    let canvas = AugmentationCanvas()
    #expect(throws: ImageError.self) {
      try canvas.draw(image, width: 8, height: 8, x: 0, y: 0, columns: 0..<8, rows: 0..<8)
    }
    try canvas.compose(for: Self.preprocessing())
    for (width, columns) in [(0, 0..<8), (70_000, 0..<8), (8, 0..<41), (8, -1..<8)] {
      #expect(throws: ImageError.self) {
        try canvas.draw(image, width: width, height: 8, x: 0, y: 0, columns: columns, rows: 0..<8)
      }
    }
  }
}
