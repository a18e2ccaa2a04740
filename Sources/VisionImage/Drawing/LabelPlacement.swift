import VisionSystem
import VisionTensor

/// Where the plates of labels go: at their boxes, inside the image, beside those that are there already.
struct LabelPlacement {
  private let width: Int
  private let height: Int
  private let style: MarkStyle
  private let boxes: [PixelRegion]
  private var taken: [PixelRegion] = []

  init(width: Int, height: Int, style: MarkStyle, boxes: [PixelRegion]) {
    (self.width, self.height, self.style, self.boxes) = (width, height, style, boxes)
  }

  /// The upper left pixel of the plate. The first place that covers no other plate and hides no small box is taken, in the order
  /// above the box, inside at its top, below, inside at its bottom, then further away; if there is none, the one that covers
  /// least. Nil where the plate would cover so much of others that neither could be read.
  mutating func place(_ plate: MarkStyle.Plate, at region: PixelRegion) -> (x: Int, y: Int)? {
    let (columns, rows) = style.pixels(region, width: width, height: height)
    var best: (cost: Double, x: Int, y: Int)?
    search: for y in levels(rows, plate.height) {
      for x in starts(columns, plate.width) {
        let cost = cost(plate, x, y, columns, rows)
        if cost < best?.cost ?? .infinity { best = (cost, x, y) }
        if cost == 0 { break search }
      }
    }
    let (_, x, y) = best ?? (0, 0, 0)
    let region = Self.region(plate, x, y)
    let covered = taken.reduce(0) { $0 + region.shared(with: $1) }
    if covered > 0.3 * region.width * region.height { return nil }
    taken.append(region)
    return (x, y)
  }

  private static func region(_ plate: MarkStyle.Plate, _ x: Int, _ y: Int) -> PixelRegion {
    PixelRegion(x: Double(x), y: Double(y), width: Double(plate.width), height: Double(plate.height))
  }

  /// Rows where a plate may begin, the best first.
  private func levels(_ rows: Range<Int>, _ plate: Int) -> [Int] {
    let (top, bottom) = (rows.lowerBound, rows.upperBound)
    var levels = [top - plate, top, bottom, bottom - plate]
    for step in 1...4 {
      levels += [
        top - plate * (step + 1), top + plate * step, bottom + plate * step, bottom - plate * (step + 1),
      ]
    }
    let last = max(0, height - plate)
    let inside = levels.filter { (0...last).contains($0) }
    return inside.isEmpty ? [min(max(top, 0), last)] : inside
  }

  /// Columns where a plate may begin, the best first: at the left edges, at the right edges, then between and around them.
  private func starts(_ columns: Range<Int>, _ plate: Int) -> [Int] {
    let last = max(0, width - plate)
    let (left, right) = (columns.lowerBound, columns.upperBound - plate)
    var starts = [left, right]
    for step in 1...4 { starts += [left + plate * step / 4, left - plate * step / 4] }
    var seen: Set<Int> = []
    return starts.map { min(max($0, 0), last) }.filter { seen.insert($0).inserted }
  }

  /// The area of other plates that a plate would cover, and of boxes that it would hide.
  private func cost(
    _ plate: MarkStyle.Plate, _ x: Int, _ y: Int, _ columns: Range<Int>, _ rows: Range<Int>
  ) -> Double {
    let region = Self.region(plate, x, y)
    var cost = 0.0
    for other in taken { cost += 4 * region.shared(with: other) }
    for box in boxes {
      let area = box.width * box.height
      // A box that is mostly under the plate can no longer be seen, be it the label's own.
      let shared = region.shared(with: box)
      if shared > 0.4 * area { cost += shared }
    }
    return cost
  }
}
