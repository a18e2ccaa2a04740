import Testing
import VisionData
import VisionImage

@testable import VisionTasks

/// Tiles with a detector that finds spots of plain colors exactly, unless they are too small in its input, which has a side of
/// 64 pixels.
@Suite struct DetectionTilesTests {
  private struct Spot {
    var box: Box
    /// The red of its color, different for each spot.
    var red: UInt8
    var index = 0
  }

  private static let selection = BoxSelection(confidence: 0.25, overlap: 0.7, maximum: 300)

  private func image(_ width: Int, _ height: Int, _ spots: [Spot]) throws -> Image {
    try Image(width: width, height: height) { pixels in
      pixels.update(repeating: 0)
      for spot in spots {
        for y in Int(spot.box.y)..<Int(spot.box.bottom) {
          for x in Int(spot.box.x)..<Int(spot.box.right) { pixels[(y * width + x) * 3] = spot.red }
        }
      }
    }
  }

  /// The hull of each color's pixels, if its shorter side has at least `least` pixels of the input; the score is higher the
  /// larger it is there. The class of a color is odd or even.
  private func find(_ images: [Image], least: Double = 4) -> [[Detection]] {
    images.map { image in
      var hulls: [UInt8: (left: Int, top: Int, right: Int, bottom: Int)] = [:]
      image.withUnsafePixels { pixels in
        for y in 0..<image.height {
          for x in 0..<image.width {
            let red = pixels[(y * image.width + x) * 3]
            guard red > 0 else { continue }
            let known = hulls[red] ?? (x, y, x + 1, y + 1)
            hulls[red] = (
              min(known.left, x), min(known.top, y), max(known.right, x + 1), max(known.bottom, y + 1)
            )
          }
        }
      }
      let scale = 64 / Double(max(image.width, image.height))
      return hulls.sorted { $0.key < $1.key }.compactMap { red, hull in
        let box = Box(
          x: Double(hull.left), y: Double(hull.top), width: Double(hull.right - hull.left),
          height: Double(hull.bottom - hull.top))
        let side = min(box.width, box.height) * scale
        guard side >= least else { return nil }
        let index = Int(red) % 2
        return Detection(
          label: "\(index)", index: index, score: Float(min(0.3 + side / 200, 1)), box: box,
          points: [ImagePoint(x: box.x, y: box.bottom)])
      }
    }
  }

  private func detect(_ image: Image, size: Int = 64, least: Double = 4) throws -> [Detection] {
    try DetectionTiles(size: size).detect(in: image, Self.selection) { find($0, least: least) }
  }

  private func sorted(_ boxes: [Box]) -> [Box] { boxes.sorted { ($0.y, $0.x) < ($1.y, $1.x) } }

  @Test func viewsCoverTheImageAndOverlap() {
    let tiles = DetectionTiles(size: 64)
    #expect(tiles.views(width: 64, height: 50).count == 1)
    for (width, height) in [(65, 64), (100, 300), (257, 40), (512, 513), (1, 4000)] {
      let views = tiles.views(width: width, height: height).dropFirst()
      for x in 0..<width { #expect(views.contains { $0.x <= x && x < $0.x + $0.width }) }
      for y in 0..<height { #expect(views.contains { $0.y <= y && y < $0.y + $0.height }) }
      let columns = Set(views.map(\.x)).sorted()
      for (one, next) in zip(columns, columns.dropFirst()) { #expect(one + 64 - next >= 16) }
      #expect(views.allSatisfy { $0.x + $0.width <= width && $0.y + $0.height <= height })
    }
  }

  /// A small object is found once and as it is, wherever it lies.
  @Test func objectsAcrossBordersAreFoundOnce() throws {
    for offset in stride(from: 0, to: 184, by: 3) {
      let box = Box(x: Double(offset), y: Double((offset * 7) % 188), width: 12, height: 10)
      let found = try detect(image(200, 200, [Spot(box: box, red: 9)]))
      #expect(found.map(\.box) == [box], "at \(offset)")
      #expect(found.first?.points == [ImagePoint(x: box.x, y: box.bottom)])
    }
  }

  @Test func wholeImagesMissWhatTilesFind() throws {
    let small = Spot(box: Box(x: 130, y: 141, width: 8, height: 8), red: 5)
    let image = try image(400, 400, [small])
    #expect(find([image])[0].isEmpty)
    #expect(try detect(image).map(\.box) == [small.box])
  }

  /// An object that is larger than a tile is one, whether the whole image shows it or not.
  @Test func largeObjectsAreNotCutUp() throws {
    for box in [
      Box(x: 20, y: 30, width: 150, height: 140), Box(x: 3, y: 90, width: 190, height: 20),
      Box(x: 0, y: 0, width: 200, height: 200), Box(x: 50, y: 10, width: 10, height: 180),
    ] {
      let spots = [Spot(box: box, red: 7)]
      #expect(try detect(image(200, 200, spots)).map(\.box) == [box])
      // A detector for which it is too thin in the whole image.
      let wide = try image(1000, 200, spots)
      #expect(find([wide], least: 3).allSatisfy { $0.isEmpty } == (min(box.width, box.height) < 40))
      #expect(try detect(wide, least: 3).map(\.box) == [box])
    }
  }

  @Test func neighborsStayTwo() throws {
    for x in stride(from: 10, to: 150, by: 4) {
      let one = Box(x: Double(x), y: 60, width: 12, height: 12)
      let other = Box(x: Double(x) + 13, y: 62, width: 12, height: 12)
      let found = try detect(image(200, 200, [Spot(box: one, red: 5), Spot(box: other, red: 7)]))
      #expect(sorted(found.map(\.box)) == sorted([one, other]), "at \(x)")
    }
  }

  /// A large object of another class does not swallow a small one on it, and the score decides what comes first.
  @Test func classesAreApart() throws {
    let large = Spot(box: Box(x: 10, y: 10, width: 180, height: 180), red: 6)
    let small = Spot(box: Box(x: 100, y: 100, width: 14, height: 14), red: 7)
    let found = try detect(image(200, 200, [large, small]))
    #expect(Set(found.map(\.index)) == [0, 1] && found.count == 2)
    #expect(zip(found, found.dropFirst()).allSatisfy { $0.score >= $1.score })
    let one = BoxSelection(confidence: 0.25, overlap: 0.7, maximum: 1)
    let first = try DetectionTiles(size: 64).detect(in: image(200, 200, [large, small]), one) { find($0) }
    #expect(first.count == 1)
  }

  @Test func smallImagesAreSeenOnce() throws {
    var calls = 0
    let image = try image(64, 30, [Spot(box: Box(x: 4, y: 4, width: 9, height: 9), red: 8)])
    let found = try DetectionTiles(size: 64).detect(in: image, Self.selection) {
      calls += 1
      return find($0)
    }
    #expect(calls == 1 && found == find([image])[0])
  }
}
