/// What is asked of an image.
public enum ServedQuestion: Sendable, Hashable {
  /// The result of the model's task.
  case result
  /// The numbers that enter a classifier's last layer: similar images have embeddings with a small angle between them.
  case embedding
  /// Where the evidence for a class is: numbers for the places of the network's last feature map, and, if asked for, a picture.
  case heatMap(isPicture: Bool)
}
