public import VisionSystem
import VisionTensor

/// Why a pretrained model or a dataset could not be found, fetched, checked or kept.
public struct StoreError: VisionError, Hashable {
  /// The kinds of error, named stably for machines.
  public enum Kind: String, ErrorKind, CaseIterable {
    /// No model of that name in the manifest.
    case unknownModel
    /// No dataset of that name.
    case unknownDataset
    /// A manifest that is malformed or whose values make no sense.
    case invalidManifest
    /// The model is not in the cache, and the network must not be touched.
    case offline
    /// There is no `python3`.
    case noPython
    /// `python3` has no pip.
    case noPip
    /// pip or apt could not reach where it fetches from.
    case network
    /// pip ended with another error.
    case pipFailed
    /// There is no `apt-get` or no `dpkg-deb`.
    case noApt
    /// apt-get or dpkg-deb ended with an error of its own.
    case aptFailed
    /// The checkpoint, or a file of the dataset, is not the one that the manifest pins.
    case checksum
    /// The package, or a file in it, is not what it should be.
    case corrupt
    /// The cached file or the folder is not the one that was written.
    case damaged
    /// The disk is full, or nearly.
    case noSpace
    /// The cache or the folder cannot be written.
    case notWritable
    /// The folder to write holds something else already.
    case occupied
    /// The pull was interrupted or cancelled.
    case interrupted
    /// No file of that name.
    case missing
    /// The operating system failed in another way.
    case io

    public var blame: Blame {
      switch self {
      case .unknownModel, .unknownDataset, .missing, .offline: .missingInput
      case .invalidManifest, .checksum, .corrupt, .damaged: .data
      case .noPython, .noPip, .noApt: .machine
      case .network, .pipFailed, .aptFailed, .noSpace, .notWritable, .occupied, .io: .storage
      case .interrupted: .interruption
      }
    }
  }

  /// The kind of error.
  public let kind: Kind
  public let message: String
  /// The model, the dataset, or the file.
  public var place: String?
  public let remedy: String?

  public init(_ kind: Kind, _ message: String, place: String? = nil, remedy: String? = nil) {
    self.kind = kind
    self.message = message
    self.place = place
    self.remedy = remedy
  }
}
