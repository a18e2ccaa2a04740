import VisionImage
import VisionTensor

/// The default boxes of torchvision's SSD networks (`DefaultBoxGenerator`).
struct DefaultBoxes: Sendable {
  let name: String
  /// Center, width and height in pixels: A×4.
  let anchors: [Float]
  let convention: DetectorConvention

  var count: Int { anchors.count / 4 }

  private struct Layout {
    let name: String
    let side: Int
    /// The cells on a side of each level.
    let cells: [Int]
    /// What the cells on a side would be if the image were cut exactly into them.
    let pitch: [Double]
    /// The boxes' sides in parts of the image, one more than levels.
    let scales: [Double]
    let ratios: [[Double]]
    let clips: Bool
    let mean: [Double]
    let deviation: [Double]
  }

  private static let layouts = [
    Layout(
      name: "SSDLite320", side: 320, cells: [20, 10, 5, 3, 2, 1], pitch: [20, 10, 5, 3, 2, 1],
      scales: [0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 1], ratios: [[Double]](repeating: [2, 3], count: 6),
      clips: true, mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5]),
    Layout(
      name: "SSD300", side: 300, cells: [38, 19, 10, 5, 3, 1],
      pitch: [8, 16, 32, 64, 100, 300].map { 300 / $0 }, scales: [0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05],
      ratios: [[2], [2, 3], [2, 3], [2, 3], [2], [2]], clips: true, mean: [0.48235, 0.45882, 0.40784],
      deviation: [1.0 / 255, 1.0 / 255, 1.0 / 255]),
  ]

  /// The default boxes of a network for images of this size; nil where it is that of neither network.
  init?(_ view: DetectorView) {
    guard let layout = Self.layouts.first(where: { $0.side == view.height && $0.side == view.width }) else {
      return nil
    }
    name = layout.name
    anchors = Self.anchors(layout)
    convention = DetectorConvention(
      sizing: .fixed(open: layout.side), fit: .squash, scale: 1.0 / 255, mean: layout.mean,
      deviation: layout.deviation, overlap: layout.side == 300 ? 0.45 : 0.55)
  }

  /// Of each cell: a square of the level's side, one between it and the next level's, and two for each ratio.
  private static func anchors(_ layout: Layout) -> [Float] {
    var anchors: [Float] = []
    let side = Double(layout.side)
    for level in layout.cells.indices {
      let scale = layout.scales[level]
      let between = (scale * layout.scales[level + 1]).squareRoot()
      var shapes = [(scale, scale), (between, between)]
      for ratio in layout.ratios[level] {
        let root = ratio.squareRoot()
        shapes += [(scale * root, scale / root), (scale / root, scale * root)]
      }
      func pixels(_ part: Double) -> Float {
        Float((layout.clips ? min(max(part, 0), 1) : part) * side)
      }
      for row in 0..<layout.cells[level] {
        for column in 0..<layout.cells[level] {
          for (width, height) in shapes {
            anchors += [column, row].map { Float((Double($0) + 0.5) / layout.pitch[level] * side) }
            anchors += [pixels(width), pixels(height)]
          }
        }
      }
    }
    return anchors
  }
}
