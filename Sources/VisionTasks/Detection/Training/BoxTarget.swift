import VisionData
public import VisionSystem
public import VisionTensor

/// The boxes of a sample as one tensor `objects`, float32 M×5: class, left, top, right and bottom in pixels of the
/// network's input.
///
/// The class is −2 in a row of an object that is ignored, and −1 in those behind the last object.
public struct BoxTarget: Sendable, Hashable {
  public static let name = "objects"
  /// Class, left, top, right, bottom.
  static let columns = 5
  /// The class of rows behind the last object.
  public static let absent: Float = -1
  /// The class of objects that are ignored.
  public static let ignored: Float = -2

  /// M, the most objects that a sample has; at least 1.
  public let capacity: Int

  public init(capacity: Int) { self.capacity = max(capacity, 1) }

  public var spec: TensorSpec {
    TensorSpec(name: Self.name, shape: [.fixed(capacity), .fixed(Self.columns)])
  }

  /// Writes the objects of a truth in coordinates of the network's input.
  ///
  /// - Throws: `TrainingError` with code `data` when there are more of them than `capacity`: none is left out silently.
  public func write(_ truth: BoxTruth, into numbers: UnsafeMutableBufferPointer<Float>) throws(TrainingError)
  {
    guard truth.objects.count <= capacity, numbers.count == capacity * Self.columns else {
      throw TrainingError(
        .data, "there are \(truth.objects.count) objects in a sample, and room for \(capacity)")
    }
    numbers.update(repeating: 0)
    for row in 0..<capacity {
      let start = row * Self.columns
      guard row < truth.objects.count else {
        numbers[start] = Self.absent
        continue
      }
      let object = truth.objects[row]
      numbers[start] = object.isIgnored ? Self.ignored : Float(object.index)
      numbers[start + 1] = Float(object.box.x)
      numbers[start + 2] = Float(object.box.y)
      numbers[start + 3] = Float(object.box.right)
      numbers[start + 4] = Float(object.box.bottom)
    }
  }
}
