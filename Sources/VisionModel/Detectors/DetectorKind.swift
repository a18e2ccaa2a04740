/// What a detector of others makes of an image: the meaning of its outputs, and how images become its input.
public enum DetectorKind: String, Sendable, Hashable, CaseIterable {
  /// Faces with five points: classes, objects, boxes and points at the strides 8, 16 and 32.
  case yunet
  /// Faces with five points: a map of centers at the stride 4, sides, offsets and points.
  case centerface
}
