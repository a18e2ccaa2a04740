public import VisionModel
import VisionSystem

extension Model {
  /// Writes the ONNX file of a detector that selects boxes by itself, by NonMaxSuppression, so that other programs need no
  /// code for that.
  ///
  /// It is for one image at a time, and has the outputs `selected_boxes` n×4 (left, top, right and bottom in pixels of the
  /// input), `selected_scores` n, the highest first, and `selected_classes` n (int64, counted from 0) beside those of the
  /// network. VisionNet reads it as the same detector. An existing file is replaced as a whole.
  ///
  /// - Parameter selection: which boxes are selected.
  /// - Throws: `FormatError`, also where the model is no detector.
  public func write(to path: String, with selection: BoxSelection) throws(FormatError) {
    try write(
      to: path,
      selecting: OnnxSelection(
        confidence: selection.confidence, overlap: selection.overlap, maximum: selection.maximum))
  }
}
