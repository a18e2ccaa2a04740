import VisionNet
import VisionSystem

/// The description of a quantized network.
struct QuantizationReport {
  let quantization: Model.Quantization

  init(_ quantization: Model.Quantization) { self.quantization = quantization }

  /// The result on one line.
  var sentence: String {
    let noise = "\(Figures.rounded(quantization.signalToNoise, 1)) dB"
    let cost =
      quantization.top1.map { "top-1 \(percent($0.before)) before, \(percent($0.after)) after" }
      ?? "same class for \(percent(quantization.agreement))"
    return "ranges by \(quantization.method) on \(quantization.images) images; \(cost), logits \(noise)"
  }

  var text: String {
    var lines = [
      "ranges     by \(quantization.method), on \(quantization.images) images",
      "measured   on \(quantization.testImages) \(quantization.isHeldOut ? "others" : "of the same images")",
    ]
    if let top1 = quantization.top1 {
      lines.append("top-1      \(percent(top1.before)) before, \(percent(top1.after)) after")
    }
    lines += [
      "same class \(percent(quantization.agreement))",
      "logits     signal to noise \(Figures.rounded(quantization.signalToNoise, 1)) dB",
    ]
    return lines.joined(separator: "\n")
  }

  var json: JSON {
    .object([
      ("method", .string(quantization.method)), ("calibrationImages", .integer(quantization.images)),
      ("seed", .verbatim("\(quantization.seed)")), ("testImages", .integer(quantization.testImages)),
      ("heldOut", .bool(quantization.isHeldOut)),
      ("top1Before", quantization.top1.map { .number($0.before) } ?? .null),
      ("top1After", quantization.top1.map { .number($0.after) } ?? .null),
      ("agreement", .number(quantization.agreement)), ("signalToNoise", .number(quantization.signalToNoise)),
    ])
  }

  private func percent(_ part: Double) -> String { Figures.percent(part, of: quantization.testImages) }
}
