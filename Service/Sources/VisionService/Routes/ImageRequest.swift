import VisionServing

/// Images that a request asks about.
struct ImageRequest: Sendable {
  var images: [ServedImage]
  /// The model that is asked; nil for the first of the task.
  var model: String?
  /// Whether the answer is a list, even for one image.
  var isList: Bool
}
