import VisionImage
import VisionSystem
import VisionTensor

/// Makes images with objects of a draft: finds files, turns boxes upright, clips them, and drops what is none.
struct AnnotationAssembly {
  private(set) var classes: [String]
  private(set) var images: [AnnotatedImage] = []
  private(set) var skipped: [SkippedFile]
  private(set) var notes: AnnotationNotes
  private let draft: AnnotationDraft
  /// The positions of the draft's classes in `classes`.
  private let positions: [Int]

  /// Boxes that reach beyond their image by less than this, in pixels, are only rounded.
  static let tolerance = 0.01

  /// - Throws: `DatasetError` with the line for an object whose numbers are not finite.
  init(_ draft: AnnotationDraft, frame: AnnotationFrame, threads: Int?) throws(DatasetError) {
    self.draft = draft
    notes = draft.notes
    let names = draft.classes.names
    let order =
      draft.isOrdered
      ? Array(names.indices)
      : names.indices.sorted { names[$0].utf8.lexicographicallyPrecedes(names[$1].utf8) }
    classes = order.map { names[$0] }
    var positions = [Int](repeating: 0, count: names.count)
    for (position, old) in order.enumerated() { positions[old] = position }
    self.positions = positions
    let located = LocatedImages(draft, notes: &notes, threads: threads)
    skipped = draft.skipped + located.skipped
    let frames = FrameChoice(located.items, wanted: frame, notes: &notes)
    for (item, frame) in zip(located.items, frames.frames) {
      guard let frame else {
        skipped.append(Self.mismatch(item))
        continue
      }
      images.append(try image(item, frame))
    }
  }

  private static func mismatch(_ item: LocatedImages.Item) -> SkippedFile {
    let stated = item.draft.size.map { "\($0.width) × \($0.height)" } ?? ""
    let size = item.info.map { "\($0.uprightWidth) × \($0.uprightHeight)" } ?? ""
    return SkippedFile(
      path: item.draft.path ?? item.name, code: DatasetError.Kind.annotations.rawValue,
      message: "the annotation is of an image of \(stated) pixels, but this one has \(size)")
  }

  private mutating func image(_ item: LocatedImages.Item, _ frame: AnnotationFrame) throws(DatasetError)
    -> AnnotatedImage
  {
    let upright = item.info.map { ($0.uprightWidth, $0.uprightHeight) } ?? item.draft.size ?? (1, 1)
    var map = AffineMap.identity
    let orientation = item.info?.orientation ?? .upright
    let isTurned = frame == .stored && orientation != .upright
    // The sides of the frame of the annotation.
    var sides = upright
    if isTurned, let info = item.info {
      sides = (info.width, info.height)
      map = orientation.map(width: info.width, height: info.height)
    }
    if case .sides = draft.unit {
      map = AffineMap(a: Double(sides.0), d: Double(sides.1)).then(map)
    }
    var objects: [AnnotatedObject] = []
    var seen: [Box: [Int]] = [:]
    for object in item.draft.objects {
      let place = item.draft.place(of: object)
      guard
        let placed = try placed(object, map, upright, isTurned: isTurned, frame: sides, place: place)
      else { continue }
      let others = seen[placed.box] ?? []
      guard !others.contains(placed.label) else {
        notes.add(.repeated, at: place)
        continue
      }
      if !others.isEmpty { notes.add(.severalClasses, at: place) }
      seen[placed.box, default: []].append(placed.label)
      objects.append(placed)
    }
    return AnnotatedImage(
      name: item.name, path: item.draft.path, width: upright.0, height: upright.1, objects: objects,
      part: item.draft.part)
  }

  /// The object in the upright image; nil if nothing of it lies inside.
  private mutating func placed(
    _ object: DraftObject, _ map: AffineMap, _ size: (Int, Int), isTurned: Bool, frame: (Int, Int),
    place: String
  ) throws(DatasetError) -> AnnotatedObject? {
    guard object.box.width > 0, object.box.height > 0 else {
      notes.add(.empty, at: place)
      return nil
    }
    let whole = map == .identity ? object.box : object.box.hull(after: map)
    guard whole.x.isFinite, whole.y.isFinite, whole.right.isFinite, whole.bottom.isFinite else {
      throw DatasetError(.annotations, "a box has a number that is not finite", place: place)
    }
    let (w, h) = (Double(size.0), Double(size.1))
    guard let box = whole.clipped(width: w, height: h) else {
      notes.add(.outside, at: place)
      return nil
    }
    guard box.width > 0, box.height > 0 else {
      notes.add(.empty, at: place)
      return nil
    }
    let excess = max(-whole.x, -whole.y, whole.right - w, whole.bottom - h)
    if excess > Self.tolerance { notes.add(.clipped, at: place) }
    return AnnotatedObject(
      label: positions[object.label], box: box,
      outline: outline(object, box, map, size, isTurned: isTurned, frame: frame, place: place),
      marks: object.marks, confidence: object.confidence, statedArea: object.statedArea,
      attributes: object.attributes)
  }

  private mutating func outline(
    _ object: DraftObject, _ box: Box, _ map: AffineMap, _ size: (Int, Int), isTurned: Bool,
    frame: (Int, Int), place: String
  ) -> ObjectOutline? {
    switch object.outline {
    case nil: return nil
    case .mask(let mask):
      guard !isTurned, (mask.width, mask.height) == frame else {
        notes.add(.unreadMasks, at: place)
        return nil
      }
      return object.outline
    case .polygons(let parts):
      let (w, h) = (Double(size.0), Double(size.1))
      let moved = parts.map { points in
        points.map { point in
          let (x, y) = map(x: point.x, y: point.y)
          return ImagePoint(x: min(max(x, 0), w), y: min(max(y, 0), h))
        }
      }
      guard moved.joined().allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else {
        notes.add(.invalidOutlines, at: place)
        return nil
      }
      let outline = ObjectOutline.polygons(moved)
      return outline.isRectangle && outline.isHulled(by: box) ? nil : outline
    }
  }
}
