import VisionNet

/// The ring that a point lies on.
struct Ring: Annotation {
  /// 0 or 1.
  let number: Int
}
