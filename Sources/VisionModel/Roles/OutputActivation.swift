/// What turns the numbers that a classifier gives into probabilities.
public enum OutputActivation: String, Sendable, Hashable, CaseIterable, Codable {
  /// One class an image: eˣ / Σ eˣ over the classes.
  case softmax
  /// Several classes an image, each by itself: 1 / (1 + e⁻ˣ).
  case sigmoid
  /// The numbers are probabilities as they stand.
  case identity = "none"
}
