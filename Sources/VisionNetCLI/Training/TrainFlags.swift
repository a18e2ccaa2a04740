import VisionTraining
import ArgumentParser
import VisionNet
import VisionSystem

/// Every setting of a training run as a flag of the same name; types and ranges are checked as those of files are.
struct TrainFlags: ParsableArguments {
  @Option(help: "The column of a table that holds the labels, by its heading. (default: found out)")
  var labelColumn: String?

  @Option(name: .shortAndLong, help: "Start from this pretrained network: a published model or a model file.")
  var model: String?

  @Option(
    help:
      "The value of a network from elsewhere that describes an image. (default: what enters its last layer)"
  )
  var embedding: String?

  @Option(help: ArgumentHelp(PreprocessingFile.help), completion: .file())
  var preprocessing: String?

  @Option(help: "The network to train, such as resnet18, mobilenet_v2, resnet20, simple-cnn or lenet5.")
  var architecture: String?

  @Flag(inversion: .prefixedNo, help: "Start from random weights.")
  var fromScratch: Bool?

  @Option(help: "How much of the pretrained network learns: none, last-N or all.")
  var fineTune: String?

  @Option(help: "The part of the images to hold back for validation when there is no val/. (default: 0.2)")
  var validation: String?

  @Flag(
    inversion: .prefixedNo, help: "Stop at the first image that cannot be read, instead of skipping it.")
  var strict: Bool?

  @Flag(
    inversion: .prefixedNo,
    help: "Take files that are not quite as they should be for unreadable, though every pixel is there.")
  var strictDecoding: Bool?

  @Option(help: "All random numbers follow from it; another one also holds back other images. (default: 0)")
  var seed: String?

  @Option(help: "The input of the network in pixels: a side, or WIDTHxHEIGHT.")
  var imageSize: String?

  @Option(
    help:
      "full, or scaled: read large JPEGs smaller, and faster; the model does so, too. (default: the model's, or full)"
  )
  var decoding: String?

  @Option(
    help: "The sample of 16-bit images that is black; the model knows it, too. (default: the model's, or 0)"
  )
  var black: String?

  @Option(help: "The sample that is white, such as 4095 of 12 bits. (default: the model's, or by the file)")
  var white: String?

  @Option(help: "How much images are changed while training: none, light, standard or strong.")
  var augment: String?

  @Option(help: "Mix pairs of images, with this α. (default: 0, none)")
  var mixup: String?

  @Option(help: "Put parts of images into others, with this α. (default: 0, none)")
  var cutmix: String?

  @Option(help: "Loss function: cross-entropy or focal.")
  var loss: String?

  @Option(help: "Let rare classes count as much as common ones: none or balanced.")
  var classWeights: String?

  @Option(help: "The probability that the target spreads over all classes.")
  var labelSmoothing: String?

  @Option(help: "Passes over the training images.")
  var epochs: String?

  @Option(help: "Images per step.")
  var batchSize: String?

  @Option(help: "Optimizer: sgd (Nesterov), adam, adamw, rmsprop, lamb or lars.")
  var optimizer: String?

  @Option(help: "The learning rate, or the highest one of the schedule.")
  var lr: String?

  @Option(help: "Learning-rate schedule: constant, step, cosine or one-cycle.")
  var schedule: String?

  @Option(help: "Epochs in which the rate grows.")
  var warmup: String?

  @Option(help: "How much of each weight a step takes away, times the rate; biases and norms are spared.")
  var weightDecay: String?

  @Option(help: "The momentum of sgd, rmsprop and lars.")
  var momentum: String?

  @Option(help: "Judge and keep a moving average of the weights with this decay. (default: 0, none)")
  var ema: String?

  @Option(help: "Cut gradients to this norm; 0 does not.")
  var clip: String?

  @Option(help: "Stop after so many epochs without a better one. (default: 0, never)")
  var patience: String?

  @Option(help: "Threads to use; the result does not depend on it. (default: one per core)")
  var threads: String?

  @Flag(
    inversion: .prefixedNo,
    help:
      "Keep hashes of the images in the model, so that evaluate knows which it has seen. (default: --image-hashes)"
  )
  var imageHashes: Bool?

  @Flag(inversion: .prefixedNo, help: "Look for features in the cache and keep them. (default: --cache)")
  var cache: Bool?

  @Flag(inversion: .prefixedNo, help: "Never touch the network.")
  var offline: Bool?

  @Option(name: .shortAndLong, help: "The run's folder. (default: runs/DATA-N)", completion: .directory)
  var output: String?

  @Flag(help: "Say what would be trained on what, with every setting, and do nothing.")
  var dryRun = false

  @Flag(help: "Try growing learning rates instead of training; writes find-lr.svg and find-lr.csv.")
  var findLr = false

  /// The flags that were given, by the names of their settings.
  var given: [(name: String, text: String)] {
    func text(_ flag: Bool?) -> String? { flag.map { $0 ? "true" : "false" } }
    let all: [(String, String?)] = [
      ("label-column", labelColumn), ("model", model), ("embedding", embedding),
      ("preprocessing", preprocessing),
      ("architecture", architecture), ("from-scratch", text(fromScratch)),
      ("fine-tune", fineTune), ("validation", validation), ("strict", text(strict)),
      ("strict-decoding", text(strictDecoding)), ("seed", seed),
      ("image-size", imageSize), ("decoding", decoding), ("black", black), ("white", white),
      ("augment", augment), ("mixup", mixup),
      ("cutmix", cutmix), ("loss", loss),
      ("class-weights", classWeights), ("label-smoothing", labelSmoothing), ("epochs", epochs),
      ("batch-size", batchSize), ("optimizer", optimizer), ("lr", lr), ("schedule", schedule),
      ("warmup", warmup), ("weight-decay", weightDecay), ("momentum", momentum), ("ema", ema), ("clip", clip),
      ("patience", patience), ("threads", threads), ("image-hashes", text(imageHashes)),
      ("cache", text(cache)), ("offline", text(offline)),
      ("output", output), ("dry-run", dryRun ? "true" : nil), ("find-lr", findLr ? "true" : nil),
    ]
    return all.compactMap { name, text in text.map { (name, $0) } }
  }

  /// The settings that were given.
  func configuration() throws(ConfigurationError) -> TrainConfiguration {
    var result = TrainConfiguration()
    for (name, text) in given { try result.set(name, to: text, place: "--\(name)") }
    return result
  }
}
