import VisionImage
import VisionTensor

/// Finds out in which pixels the boxes of images are that EXIF turns.
struct FrameChoice {
  /// The frame of each image; nil if its size contradicts its annotation.
  private(set) var frames: [AnnotationFrame?] = []

  /// - Parameter wanted: a frame that is known, or `automatic`.
  init(_ items: [LocatedImages.Item], wanted: AnnotationFrame, notes: inout AnnotationNotes) {
    let found = items.map(Self.frame)
    // Where sizes do not tell, as for images turned upside down, the other images of the set do.
    let isStored = found.contains(.stored) && !found.contains(.upright)
    for (item, frame) in zip(items, found) {
      guard frame != .contradictory else {
        frames.append(nil)
        continue
      }
      guard let info = item.info, info.orientation != .upright else {
        frames.append(.upright)
        continue
      }
      var chosen = frame == .stored ? AnnotationFrame.stored : .upright
      if frame == .unknown {
        chosen = isStored ? .stored : .upright
        if wanted == .automatic { notes.add(.assumedFrame, detail: chosen.rawValue, at: item.name) }
      } else if wanted == .automatic || wanted == chosen {
        notes.add(frame == .stored ? .storedFrame : .uprightFrame, at: item.name)
      }
      frames.append(wanted == .automatic ? chosen : wanted)
    }
  }

  private enum Finding { case stored, upright, unknown, contradictory }

  /// What the stated size says of an image.
  private static func frame(_ item: LocatedImages.Item) -> Finding {
    guard let info = item.info, let stated = item.draft.size else { return .unknown }
    let isStored = stated == (info.width, info.height)
    let isUpright = stated == (info.uprightWidth, info.uprightHeight)
    guard isStored || isUpright else { return .contradictory }
    if info.orientation == .upright { return .unknown }
    return isStored == isUpright ? .unknown : isStored ? .stored : .upright
  }
}
