import Testing
import VisionTensor

@testable import VisionImage

@Suite struct MarkedBoxesTests {
  private let white = RGBColor(red: 255, green: 255, blue: 255)
  private let red = RGBColor(red: 200, green: 0, blue: 0)

  private func plain(_ width: Int, _ height: Int) throws -> Image {
    try Image(width: width, height: height) { $0.update(repeating: 255) }
  }

  private func pixel(_ image: Image, _ x: Int, _ y: Int) -> [UInt8] {
    image.withUnsafePixels { Array($0[(y * image.width + x) * 3..<(y * image.width + x) * 3 + 3]) }
  }

  @Test func aFrameLiesOnTheBoxsPixels() throws {
    let image = try plain(64, 64)
    let drawn = try image.marked([MarkedBox(PixelRegion(x: 10, y: 20, width: 30, height: 25), color: red)])
    for (x, y, isLine) in [
      (10, 20, true), (39, 20, true), (10, 44, true), (39, 44, true), (25, 20, true), (10, 30, true),
      (9, 20, false), (40, 20, false), (10, 45, false), (11, 21, false), (25, 30, false),
    ] {
      #expect(pixel(drawn, x, y) == (isLine ? [200, 0, 0] : [255, 255, 255]), "\(x) \(y)")
    }
    #expect(image.pixels.allSatisfy { $0 == 255 })
  }

  @Test func linesGrowWithTheImage() {
    let sizes = [(64, 64), (300, 200), (640, 480), (1920, 1080), (6000, 4000)]
    let lines = sizes.map { MarkStyle(width: $0.0, height: $0.1).line }
    #expect(lines == lines.sorted() && lines.first == 1)
    #expect(lines[4] >= 15 && lines[4] <= 25)
  }

  @Test func boxesThatAreOutsideOrNoNumbersDoNoHarm() throws {
    let odd = [
      PixelRegion(x: -500, y: -500, width: 10, height: 10), PixelRegion(x: 1e300, y: 0, width: 5, height: 5),
      PixelRegion(x: .nan, y: 0, width: 5, height: 5), PixelRegion(x: 0, y: 0, width: .infinity, height: 1),
      PixelRegion(x: 3, y: 3, width: 0, height: 0), PixelRegion(x: 5, y: 5, width: -3, height: -3),
      PixelRegion(x: -1e18, y: -1e18, width: 2e18, height: 2e18),
    ]
    for (width, height) in [(1, 1), (2, 7), (64, 3), (64, 64)] {
      let boxes = odd.map {
        MarkedBox(
          $0, label: "häuser", detail: "0.98", color: red, points: [(x: .nan, y: 2), (x: -9e99, y: 1e9)])
      }
      let drawn = try plain(width, height).marked(boxes)
      #expect(drawn.width == width && drawn.height == height)
    }
  }

  @Test(arguments: [(64, 64), (320, 240), (1000, 700), (4000, 3000)])
  func labelsAreInsideAndDoNotCoverEachOther(width: Int, height: Int) {
    let style = MarkStyle(width: width, height: height)
    var random = SplitMix(state: 7)
    for count in [1, 4, 8] {
      let boxes = (0..<count).map { _ in
        let (w, h) = (random.unit() * Double(width) * 0.6, random.unit() * Double(height) * 0.6)
        return MarkedBox(
          PixelRegion(
            x: random.unit() * (Double(width) - w), y: random.unit() * (Double(height) - h), width: w,
            height: h),
          label: "bicycle", detail: "0.98", color: red)
      }
      var placement = LabelPlacement(
        width: width, height: height, style: style, boxes: boxes.map(\.region))
      var placed: [PixelRegion] = []
      for box in boxes {
        guard let plate = style.plate(box, width: width) else { continue }
        guard let (x, y) = placement.place(plate, at: box.region) else { continue }
        #expect(x >= 0 && y >= 0 && x + plate.width <= width && y + plate.height <= height)
        placed.append(
          PixelRegion(x: Double(x), y: Double(y), width: Double(plate.width), height: Double(plate.height)))
      }
      #expect(!placed.isEmpty)
      // In large images there is room for all.
      if width >= 1000 { #expect(placed.count == count) }
      for (index, plate) in placed.enumerated() {
        for other in placed[..<index] {
          let shared = plate.shared(with: other)
          #expect(width >= 1000 ? shared == 0 : shared <= 0.3 * plate.width * plate.height)
        }
      }
    }
  }

  @Test func equalBoxesGetLabelsBesideOneAnother() {
    let style = MarkStyle(width: 640, height: 480)
    let region = PixelRegion(x: 200, y: 200, width: 100, height: 100)
    let boxes = (0..<6).map { _ in MarkedBox(region, label: "person", detail: "0.50", color: red) }
    var placement = LabelPlacement(width: 640, height: 480, style: style, boxes: boxes.map(\.region))
    let plates = boxes.compactMap { style.plate($0, width: 640) }
    let places = plates.compactMap { placement.place($0, at: region) }
    #expect(places.count == 6)
    // The first lies on the box, and none covers another.
    #expect(places[0] == (200, 200 - plates[0].height))
    for (index, a) in places.enumerated() {
      for b in places[..<index] {
        #expect(abs(a.x - b.x) >= plates[0].width || abs(a.y - b.y) >= plates[0].height)
      }
    }
  }

  @Test func aScoreGivesWayToTheName() throws {
    let style = MarkStyle(width: 64, height: 64)
    let box = MarkedBox(
      PixelRegion(x: 0, y: 0, width: 9, height: 9), label: "bicycle", detail: "0.98", color: red)
    let wide = try #require(MarkStyle(width: 640, height: 64).plate(box, width: 640))
    #expect(wide.text == "bicycle 0.98")
    #expect(try #require(style.plate(box, width: 50)).text == "bicycle")
    #expect(try #require(style.plate(box, width: 30)).text.hasSuffix("…"))
    #expect(style.plate(box, width: 8) == nil)
  }

  @Test func theSameBoxesGiveTheSameBytes() throws {
    let box = MarkedBox(
      PixelRegion(x: 30.4, y: 60.6, width: 200, height: 90), label: "Übergrößenträger", detail: "0.51",
      color: ClassColors.color(of: 3), points: [(x: 100.3, y: 90.7)])
    let (one, other) = (try plain(320, 240).marked([box]), try plain(320, 240).marked([box]))
    #expect(one == other)
    #expect(one != (try plain(320, 240)))
  }

  @Test func aStrokeCoversWhatItsPenDoes() throws {
    let canvas = try ImageCanvas(try plain(12, 12))
    canvas.disk(x: 6, y: 6, radius: 3, .black)
    let image = canvas.finish()
    #expect(pixel(image, 5, 5) == [0, 0, 0])
    #expect(pixel(image, 0, 0) == [255, 255, 255])
    // The middle of (8, 6) is at (8.5, 6.5), √6.5 = 2.5495 from the center: 3.5 - 2.5495 = 0.9505 of the pixel
    // is black, and 0.0495 · 255 = 12.6 remains.
    #expect(pixel(image, 8, 6) == [13, 13, 13])
    // (9, 6): √12.5 = 3.5355 is more than 3.5.
    #expect(pixel(image, 9, 6) == [255, 255, 255])
  }
}

/// Numbers for tests.
private struct SplitMix {
  var state: UInt64
  mutating func unit() -> Double {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return Double((z ^ (z >> 31)) >> 11) / Double(1 << 53)
  }
}
