import VisionData
import VisionImage
import VisionSystem

/// The pixels of an object on a canvas: those whose centers lie inside of its outline.
struct OutlineMask {
  let columns: Range<Int>
  let rows: Range<Int>
  /// Whether the object is there, row by row.
  private(set) var isInside: [Bool]

  /// Nil where nothing of the outline is on the canvas.
  ///
  /// - Parameter map: from the image that has the outline to the canvas.
  init?(_ outline: ObjectOutline, map: AffineMap, width: Int, height: Int) {
    guard let hull = outline.box?.hull(after: map).clipped(width: Double(width), height: Double(height))
    else { return nil }
    columns = Int(saturating: hull.x.rounded(.down))..<min(Int(saturating: hull.right.rounded(.up)), width)
    rows = Int(saturating: hull.y.rounded(.down))..<min(Int(saturating: hull.bottom.rounded(.up)), height)
    isInside = [Bool](repeating: false, count: columns.count * rows.count)
    switch outline {
    case .polygons(let parts):
      for part in parts {
        fill(
          part.map {
            let point = map(x: $0.x, y: $0.y)
            return ImagePoint(x: point.x, y: point.y)
          })
      }
    case .mask(let mask): fill(mask, back: map.inverse)
    }
    guard isInside.contains(true) else { return nil }
  }

  /// Marks the inside of a polygon, by the even-odd rule.
  private mutating func fill(_ points: [ImagePoint]) {
    for row in rows {
      let y = Double(row) + 0.5
      var crossings: [Double] = []
      for (index, a) in points.enumerated() {
        let b = points[(index + 1) % points.count]
        guard (a.y <= y) != (b.y <= y) else { continue }
        crossings.append(a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x))
      }
      crossings.sort()
      for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
        let first = max(Int(saturating: (crossings[pair] - 0.5).rounded(.up)), columns.lowerBound)
        let end = min(Int(saturating: (crossings[pair + 1] - 0.5).rounded(.up)), columns.upperBound)
        guard first < end else { continue }
        let start = (row - rows.lowerBound) * columns.count - columns.lowerBound
        for column in first..<end { isInside[start + column] = true }
      }
    }
  }

  /// Marks the pixels of a mask.
  private mutating func fill(_ mask: RunLengthMask, back: AffineMap) {
    // Where each run ends; every second run is inside.
    var ends: [Int] = []
    var end = 0
    for count in mask.counts {
      end += count
      ends.append(end)
    }
    for row in rows {
      for column in columns {
        let source = back(x: Double(column) + 0.5, y: Double(row) + 0.5)
        let (x, y) = (Int(saturating: source.x.rounded(.down)), Int(saturating: source.y.rounded(.down)))
        guard (0..<mask.width).contains(x), (0..<mask.height).contains(y) else { continue }
        let position = x * mask.height + y
        var (low, high) = (0, ends.count)
        while low < high {
          let middle = (low + high) / 2
          if ends[middle] <= position { low = middle + 1 } else { high = middle }
        }
        guard !low.isMultiple(of: 2) else { continue }
        isInside[(row - rows.lowerBound) * columns.count + column - columns.lowerBound] = true
      }
    }
  }

  /// The number of its pixels in a box.
  func count(in box: Box) -> Int {
    var count = 0
    for row in rows where Double(row) + 0.5 > box.y && Double(row) + 0.5 < box.bottom {
      for column in columns where Double(column) + 0.5 > box.x && Double(column) + 0.5 < box.right {
        if isInside[(row - rows.lowerBound) * columns.count + column - columns.lowerBound] { count += 1 }
      }
    }
    return count
  }
}
