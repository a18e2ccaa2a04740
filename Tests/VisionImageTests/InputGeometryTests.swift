import Testing

@testable import VisionImage

@Suite struct InputGeometryTests {
  private static let modes: [FitMode] = [
    .centerCrop(fraction: 0.875), .resizeShorterSide(to: 64), .resizeBoth(width: 60, height: 70), .squash,
    .letterbox(fill: .black), .letterbox(fill: .black, anchor: .topLeft),
    .letterbox(fill: .black, anchor: .centerDown, enlarges: false),
  ]

  /// A white spot in a black image comes to lie where the geometry says.
  @Test(arguments: modes, [(200, 120), (90, 160), (48, 56)])
  func aSpotComesToLieWhereItIsSaid(mode: FitMode, size: (Int, Int)) throws {
    let (width, height) = size
    let steps = try Preprocessing(width: 48, height: 56, fit: mode, filter: .bilinear)
    let (x0, y0, side) = (width / 2 - 16, height / 2 + 4, 12)
    var pixels = [UInt8](repeating: 0, count: width * height * 3)
    for y in y0..<y0 + side {
      for x in x0..<x0 + side { for c in 0..<3 { pixels[(y * width + x) * 3 + c] = 255 } }
    }
    let seen = try steps.image(of: Image(width: width, height: height, pixels: pixels)).pixels
    var (sum, sumX, sumY) = (0.0, 0.0, 0.0)
    for y in 0..<56 {
      for x in 0..<48 {
        let value = Double(seen[(y * 48 + x) * 3])
        sum += value
        sumX += value * (Double(x) + 0.5)
        sumY += value * (Double(y) + 0.5)
      }
    }
    let geometry = steps.geometry(width: width, height: height)
    let middle = geometry.map(x: Double(x0) + Double(side) / 2, y: Double(y0) + Double(side) / 2)
    #expect(sum > 0)
    #expect(abs(sumX / sum - middle.x) < 0.2)
    #expect(abs(sumY / sum - middle.y) < 0.2)
  }

  @Test func cutOffPartsLieOutside() throws {
    let steps = try Preprocessing(width: 50, height: 50, fit: .centerCrop(fraction: 0.5))
    let geometry = steps.geometry(width: 200, height: 100)
    let corner = geometry.map(x: 0, y: 0)
    #expect(corner.x == -75 && corner.y == -25)
    let end = geometry.map(x: 125, y: 75)
    #expect(end.x == 50 && end.y == 50)
    // The whole image is seen between the bars of a letterbox.
    let box = try Preprocessing(width: 50, height: 50, fit: .letterbox(fill: .black)).geometry(
      width: 200, height: 100)
    #expect(box.map(x: 0, y: 0).y == 12 && box.map(x: 200, y: 100).x == 50)
  }

  @Test func letterboxesLieWhereTheyAreSaidTo() throws {
    func origin(_ anchor: LetterboxAnchor, enlarges: Bool = true) throws -> (
      x: Double, y: Double, end: Double
    ) {
      let steps = try Preprocessing(
        width: 50, height: 51, fit: .letterbox(fill: .black, anchor: anchor, enlarges: enlarges))
      let map = steps.geometry(width: 20, height: 10).map
      return (map(x: 0, y: 0).x, map(x: 0, y: 0).y, map(x: 20, y: 10).y)
    }
    // 20×10 becomes 50×25 and leaves 26 rows, or stays and leaves 30 columns and 41 rows.
    #expect(try origin(.center) == (0, 13, 38))
    #expect(try origin(.topLeft) == (0, 0, 25))
    #expect(try origin(.center, enlarges: false) == (15, 20, 30))
    #expect(try origin(.topLeft, enlarges: false) == (0, 0, 10))
    // Of 23 rows, the half is rounded to even or down; an image that does not fit shrinks.
    let steps = try [LetterboxAnchor.center, .centerDown].map {
      try Preprocessing(width: 50, height: 48, fit: .letterbox(fill: .black, anchor: $0, enlarges: false))
    }
    #expect(steps.map { $0.geometry(width: 100, height: 50).map(x: 0, y: 0).y } == [12, 11])
  }
}
