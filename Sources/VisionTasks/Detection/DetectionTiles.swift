public import VisionImage
import VisionData
import VisionSystem

/// Looks at a large image in parts as well as in whole, so that objects are found that are too small in the network's
/// input when that shows all of the image.
///
/// Parts overlap by at least a quarter of their side, so that an object of up to about that size lies in one of them in
/// whole. Each part and the whole image are a *view*. Boxes in which an object ends where a view does, inside of the image,
/// may be of its visible part only: they are left out where another view shows the object completely, and put together where
/// several views show parts of it.
public struct DetectionTiles: Sendable, Hashable {
  /// The side of a part in pixels of the original.
  public let size: Int

  /// - Parameter size: of a part in pixels of the original, at least 32. Usual are one or two times the side of the network's
  ///   input.
  public init(size: Int) { self.size = max(size, Self.leastSize) }

  package static let leastSize = 32
  /// The part of a view's side from which on a box counts as ending at its border.
  private static let border = 0.02
  /// The overlap of two boxes, inside of what both views show, from which on they are of the same object.
  private static let agreement = 0.5
  /// The part of a box that must lie inside of another one to be a part of that object.
  private static let containment = 0.7

  /// The objects in an image, the highest score first.
  ///
  /// - Parameters:
  ///   - image: in full size.
  ///   - selection: that of the detector, which is made over the objects of all views again.
  ///   - predict: gives the objects in images, as selected for each.
  public func detect(
    in image: Image, _ selection: BoxSelection, _ predict: ([Image]) throws -> [[Detection]]
  ) throws -> [Detection] {
    let views = views(width: image.width, height: image.height)
    var found: [Found] = []
    for (index, view) in views.enumerated() {
      let part =
        index == 0
        ? image
        : try image.cropped(x: view.x, y: view.y, width: view.width, height: view.height)
      found += try predict([part]).joined().map { detection in
        let moved = detection.moved(x: Double(view.x), y: Double(view.y))
        return Found(
          detection: moved, view: index, isCut: view.cuts(moved.box, of: image, border: Self.border))
      }
    }
    return Self.selected(Self.joined(found, views.map(\.box)), selection)
  }

  /// A part of an image, in pixels.
  struct View: Hashable {
    let x: Int
    let y: Int
    let width: Int
    let height: Int

    var box: Box { Box(x: Double(x), y: Double(y), width: Double(width), height: Double(height)) }

    /// Whether a box ends at a border of the view that is none of the image.
    func cuts(_ box: Box, of image: Image, border: Double) -> Bool {
      let (across, down) = (Double(width) * border, Double(height) * border)
      return (x > 0 && box.x < Double(x) + across) || (y > 0 && box.y < Double(y) + down)
        || (x + width < image.width && box.right > Double(x + width) - across)
        || (y + height < image.height && box.bottom > Double(y + height) - down)
    }
  }

  /// The whole image, and its parts where it is larger than one.
  func views(width: Int, height: Int) -> [View] {
    let whole = View(x: 0, y: 0, width: width, height: height)
    let (columns, rows) = (starts(width), starts(height))
    guard columns.count > 1 || rows.count > 1 else { return [whole] }
    return [whole]
      + rows.flatMap { y in
        columns.map { View(x: $0, y: y, width: min(size, width), height: min(size, height)) }
      }
  }

  /// Where parts begin along a side: as few as overlap by a quarter, at even distances.
  private func starts(_ length: Int) -> [Int] {
    guard length > size else { return [0] }
    let step = size - size / 4
    let gaps = (length - size + step - 1) / step
    return (0...gaps).map { $0 * (length - size) / gaps }
  }

  /// An object in a view.
  private struct Found {
    var detection: Detection
    /// The position of the view; nil for what several views show in parts.
    var view: Int?
    /// Whether only a part of it may be in the view.
    let isCut: Bool
  }

  /// The objects that a view shows completely, and those that none does.
  private static func joined(_ found: [Found], _ views: [Box]) -> [Found] {
    let complete = found.filter { !$0.isCut }
    let parts = found.filter { part in
      part.isCut
        && !complete.contains { other in
          isSame(part, other, views) || (isOther(part, other) && isInside(part, other))
        }
    }
    // The group of each part: the position of its first member.
    var groups = Array(parts.indices)
    for index in parts.indices {
      for other in 0..<index where groups[other] != groups[index] {
        guard
          isSame(parts[index], parts[other], views)
            || (isOther(parts[index], parts[other])
              && (isInside(parts[index], parts[other]) || isInside(parts[other], parts[index])))
        else { continue }
        let (kept, gone) = (min(groups[index], groups[other]), max(groups[index], groups[other]))
        for member in 0...index where groups[member] == gone { groups[member] = kept }
      }
    }
    let objects = Dictionary(grouping: parts.indices) { groups[$0] }.sorted { $0.key < $1.key }
    return complete + objects.map { together($0.value.map { parts[$0] }) }
  }

  /// One object of its parts: the hull of their boxes, and what the surest of them says.
  private static func together(_ parts: [Found]) -> Found {
    var result = parts[0]
    for part in parts.dropFirst() {
      let (box, more) = (result.detection.box, part.detection.box)
      if part.detection.score > result.detection.score { result.detection = part.detection }
      let (left, top) = (min(box.x, more.x), min(box.y, more.y))
      result.detection.box = Box(
        x: left, y: top, width: max(box.right, more.right) - left, height: max(box.bottom, more.bottom) - top)
      result.view = nil
    }
    return result
  }

  /// Whether two boxes may be of one object in two views.
  private static func isOther(_ one: Found, _ other: Found) -> Bool {
    one.detection.index == other.detection.index && one.view != other.view
  }

  /// Whether two views show the same object, by what both of them show of it.
  private static func isSame(_ one: Found, _ other: Found, _ views: [Box]) -> Bool {
    guard isOther(one, other), let a = one.view, let b = other.view,
      let shared = views[a].clipped(to: views[b]),
      let seen = one.detection.box.clipped(to: shared), let also = other.detection.box.clipped(to: shared)
    else { return false }
    return BoxSelection.overlap(seen, also) >= agreement
  }

  private static func isInside(_ one: Found, _ other: Found) -> Bool {
    guard let shared = one.detection.box.clipped(to: other.detection.box) else { return false }
    return shared.area >= containment * one.detection.box.area
  }

  /// The objects of all views without those that another view shows better: boxes of two views differ more from each other
  /// than those of one, whose overlapping boxes are left out already.
  private static func selected(_ found: [Found], _ selection: BoxSelection) -> [Detection] {
    let order = found.indices.sorted {
      let (a, b) = (found[$0].detection.score, found[$1].detection.score)
      return a == b ? $0 < $1 : a > b
    }
    var kept: [Int: [Found]] = [:]
    var results: [Detection] = []
    let overlap = min(selection.overlap, agreement)
    for index in order {
      guard results.count < selection.maximum else { break }
      let object = found[index]
      let better = kept[object.detection.index] ?? []
      let isKnown = better.contains {
        (object.view == nil || $0.view != object.view)
          && BoxSelection.overlap($0.detection.box, object.detection.box) > overlap
      }
      if isKnown { continue }
      kept[object.detection.index, default: []].append(object)
      results.append(object.detection)
    }
    return results
  }
}

extension Detection {
  /// The same object in an image of which this one is a part that begins at x and y.
  fileprivate func moved(x: Double, y: Double) -> Detection {
    var moved = self
    moved.box.x += x
    moved.box.y += y
    moved.points = points.map { ImagePoint(x: $0.x + x, y: $0.y + y) }
    return moved
  }
}
