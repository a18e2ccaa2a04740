import VisionImage
import VisionSystem
import VisionTensor

/// A file and the class that it shows.
public struct LabeledImage: Sendable, Hashable {
  /// Where the file is.
  public let path: String
  /// The path below the data's folder: what decides on which side of a split the image falls.
  public let relativePath: String
  /// The position of the class in the list of labels; of several the first.
  public let label: Int
  /// The positions of all classes that it shows, rising; one unless the data have several labels an image.
  public let labels: [Int]

  public init(path: String, relativePath: String, label: Int) {
    self.path = path
    self.relativePath = relativePath
    self.label = label
    labels = [label]
  }

  /// An image that shows several classes at once.
  ///
  /// Precondition: there is at least one.
  public init(path: String, relativePath: String, labels: [Int]) {
    precondition(!labels.isEmpty, "an image without a label")
    self.path = path
    self.relativePath = relativePath
    self.labels = Set(labels).sorted()
    label = self.labels[0]
  }

  /// Equal bytes: names that only look alike are different files.
  public static func == (a: LabeledImage, b: LabeledImage) -> Bool {
    a.labels == b.labels && a.path.utf8.elementsEqual(b.path.utf8)
      && a.relativePath.utf8.elementsEqual(b.relativePath.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(path)
    hasher.combine(labels)
  }
}
