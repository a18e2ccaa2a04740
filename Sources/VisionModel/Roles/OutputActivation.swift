/// The function that converts a classifier's numbers to probabilities.
public enum OutputActivation: String, Sendable, Hashable, CaseIterable, Codable {
  /// One class per image: eˣ / Σ eˣ over the classes.
  case softmax
  /// Several classes per image, each independent: 1 / (1 + e⁻ˣ).
  case sigmoid
  /// None: the numbers are already probabilities.
  case identity = "none"
}
