public import VisionData
import VisionModel
public import VisionSystem

extension ImageLedger {
  /// Replaces the file atomically.
  public func write(to path: String) throws(TrainingError) {
    do {
      try AtomicFile.write(Array(text.utf8), to: path)
    } catch { throw TrainingError(error) }
  }
}
