import VisionTraining
import VisionNet
import VisionSystem

/// Shows the progress of training on standard error: one line per epoch, and on a terminal a progress bar of
/// the steps.
final class EpochMeter {
  private let messages: Messages
  private let bar: ProgressBar
  /// The number of validation images.
  private let validationImages: Int

  init(_ messages: Messages, validationImages: Int) {
    self.messages = messages
    self.validationImages = validationImages
    bar = ProgressBar(messages)
  }

  func show(_ event: TrainingEvent) {
    switch event {
    case .started(let start):
      messages.note(
        "\(Figures.grouped(start.parameters)) weights, \(Figures.bytes(start.memory.total)), "
          + "\(start.steps) steps of \(start.batchSize) images in \(start.epochs) "
          + (start.epochs == 1 ? "epoch" : "epochs") + (validationImages > 0 ? "; * is the best so far" : ""))
    case .step(let step):
      bar.show(
        "epoch \(step.epoch) \(ProgressBar.bar(step.batch, step.batches)) \(step.batch)/\(step.batches)  "
          + "loss \(Figures.fixed(step.loss, 4))  rate \(Figures.short(step.rate))  "
          + "\(Int(saturating: step.samplesPerSecond.rounded())) images/s",
        isLast: false)
    case .epoch(let epoch):
      bar.close()
      messages.progress(Self.line(epoch, validationImages: validationImages))
    case .checkpoint(_, let step): if step > 0 { messages.detail("checkpoint at step \(step)") }
    case .note(let text):
      bar.close()
      messages.note(text)
    case .finished: bar.close()
    }
  }

  func close() { bar.close() }

  /// For example `epoch 3/20  loss 0.4312  validation 0.3920  top-1 87.2 % *  rate 0.08  512 images/s  1 min left`.
  static func line(_ epoch: EpochReport, validationImages: Int) -> String {
    let width = String(epoch.epochs).count
    let number = String(repeating: " ", count: width - String(epoch.epoch).count) + "\(epoch.epoch)"
    var line = "epoch \(number)/\(epoch.epochs)  loss \(Figures.fixed(epoch.trainingLoss, 4))"
    if let loss = epoch.score("loss") { line += "  validation \(Figures.fixed(loss, 4))" }
    if epoch.isDiverged {
      line += "  diverged"
    } else if let top1 = epoch.score("top1") {
      line += "  top-1 \(Figures.percent(top1, of: validationImages))\(epoch.isBest ? " *" : "  ")"
    }
    if let precision = epoch.score("mAP50-95") {
      line += "  mAP50-95 \(Figures.percent(precision, places: 1))\(epoch.isBest ? " *" : "  ")"
    }
    line +=
      "  rate \(Figures.short(epoch.rate))  \(Int(saturating: epoch.samplesPerSecond.rounded())) images/s"
    return epoch.epoch < epoch.epochs ? line + "  \(Figures.duration(epoch.secondsLeft)) left" : line
  }
}
