import VisionCompute
import VisionSystem

/// Settings of execution, and of a single call of the command.
extension GivenSettings {
  static let call: [any AnySetting] = [
    Setting.threads, Setting.keepsImageHashes, Setting.usesCache, Setting.isOffline, Setting.output,
    Setting.minutes, Setting.isDryRun, Setting.findsRate,
  ]
}

extension Setting where Choice == Int {
  /// Threads to use. The result does not depend on it.
  public static let threads = Setting(
    "threads", .whole(1...1024), .run, keptIn: [],
    help: "Threads to use; the result does not depend on it. (default: one per core)"
  ) { _ in Executor.availableThreads }
}

extension Setting where Choice == Bool {
  /// Whether the model keeps hashes of the images that it was trained with.
  public static let keepsImageHashes = Setting(
    "image-hashes", .flag, .run,
    help:
      "Keep hashes of the images in the model, so that evaluate knows which it has seen. (default: --image-hashes)"
  ) { _ in true }

  /// Whether features are cached for later runs.
  public static let usesCache = Setting(
    "cache", .flag, .pretrained,
    help: "Read features from the cache, and write new ones to it. (default: --cache)"
  ) { _ in true }

  /// Whether internet access is forbidden.
  public static let isOffline = Setting(
    "offline", .flag, .run, keptIn: [.head, .fineTune], help: "Do not use the internet."
  ) { _ in false }

  /// Whether the run is only described, and nothing is trained.
  public static let isDryRun = Setting(
    "dry-run", .flag, .call,
    help: "Print what would be trained on what, with every setting, and do nothing."
  ) { _ in false }

  /// Whether a learning rate is searched for instead of training.
  public static let findsRate = Setting(
    "find-lr", .flag, .call, recipes: [.scratch, .detector],
    objection: "the rate of fine-tuning is not searched for",
    help: "Try increasing learning rates instead of training; writes find-lr.svg and find-lr.csv."
  ) { _ in false }
}

extension Setting where Choice == Double? {
  /// How long training may take; it becomes a number of epochs, which the run keeps.
  public static let minutes = Setting(
    "minutes", .optional(.number("above 0 and at most 100000") { $0 > 0 && $0 <= 100_000 }), .call,
    recipes: [.detector], objection: "only the epochs of detectors follow from a time",
    help:
      "Train a detector for about this long: a few steps are timed, and the epochs that fit are recorded.",
    suits: { _ in nil },
    rule: { minutes, settings throws(TrainingError) in
      guard minutes == nil || !settings.isGiven(.epochs) else {
        throw TrainingError(
          .settings, "minutes and epochs contradict each other", remedy: "omit one of them")
      }
    })
}

extension Setting where Choice == String? {
  /// The run's folder; nil for a new one.
  public static let output = Setting(
    "output", .optional(.text), .call, help: "The run's folder. (default: runs/DATA-N)"
  ) { _ in nil }
}
