import VisionGraph
import VisionTensor

/// Why a model cannot classify pictures, or did not classify one.
public struct ClassifierError: VisionError, Hashable {
  public let code: String
  public let message: String
  public let place: String?
  public let remedy: String?

  init(_ code: String, _ message: String, place: String? = nil, remedy: String? = nil) {
    self.code = code
    self.message = message
    self.place = place
    self.remedy = remedy
  }

  /// An error of a lower stage, as it stands.
  init(_ error: any VisionError) {
    self.init(error.code, error.message, place: error.place, remedy: error.remedy)
  }
}
