public import VisionData
import VisionModel
public import VisionSystem

extension ImageLedger {
  /// Writes the file, which is replaced as a whole.
  public func write(to path: String) throws(TrainingError) {
    do {
      try AtomicFile.write(Array(text.utf8), to: path)
    } catch { throw TrainingError(error) }
  }
}
