/** All laws, by facility, in the order in which a new backend will want to satisfy them. */
import type { LawGroup } from "./Law.ts"
import { AcceptLaws } from "./laws/AcceptLaws.ts"
import { AnswerCacheLaws } from "./laws/AnswerCacheLaws.ts"
import { AliveLaws } from "./laws/AliveLaws.ts"
import { ArgumentLaws } from "./laws/ArgumentLaws.ts"
import { BackpressureLaws } from "./laws/BackpressureLaws.ts"
import { BlameLaws } from "./laws/BlameLaws.ts"
import { CachedReadLaws } from "./laws/CachedReadLaws.ts"
import { ChannelLaws } from "./laws/ChannelLaws.ts"
import { CloseLaws } from "./laws/CloseLaws.ts"
import { ConnectLaws } from "./laws/ConnectLaws.ts"
import { CopyLaws } from "./laws/CopyLaws.ts"
import { DeadlineLaws } from "./laws/DeadlineLaws.ts"
import { DiskLaws } from "./laws/DiskLaws.ts"
import { DrainLaws } from "./laws/DrainLaws.ts"
import { EndLaws } from "./laws/EndLaws.ts"
import { FairnessLaws } from "./laws/FairnessLaws.ts"
import { FaultLaws } from "./laws/FaultLaws.ts"
import { FileErrorLaws } from "./laws/FileErrorLaws.ts"
import { FileLaneLaws } from "./laws/FileLaneLaws.ts"
import { FileLockLaws } from "./laws/FileLockLaws.ts"
import { FileLaws } from "./laws/FileLaws.ts"
import { FiberDumpLaws } from "./laws/FiberDumpLaws.ts"
import { FramedReadLaws } from "./laws/FramedReadLaws.ts"
import { HandleLaws } from "./laws/HandleLaws.ts"
import { HappyEyeballsLaws } from "./laws/HappyEyeballsLaws.ts"
import { HintLaws } from "./laws/HintLaws.ts"
import { HostCallLaws } from "./laws/HostCallLaws.ts"
import { InterruptedReadLaws } from "./laws/InterruptedReadLaws.ts"
import { IntervalLaws } from "./laws/IntervalLaws.ts"
import { LimiterLaws } from "./laws/LimiterLaws.ts"
import { ListenLaws } from "./laws/ListenLaws.ts"
import { LoadLaws } from "./laws/LoadLaws.ts"
import { LoopHandleLaws } from "./laws/LoopHandleLaws.ts"
import { LoopLaws } from "./laws/LoopLaws.ts"
import { LookupLaws } from "./laws/LookupLaws.ts"
import { NowLaws } from "./laws/NowLaws.ts"
import { OptionLaws } from "./laws/OptionLaws.ts"
import { PathLaws } from "./laws/PathLaws.ts"
import { PendingLaws } from "./laws/PendingLaws.ts"
import { PhaseLaws } from "./laws/PhaseLaws.ts"
import { PoolBoundLaws } from "./laws/PoolBoundLaws.ts"
import { PoolCancelLaws } from "./laws/PoolCancelLaws.ts"
import { PoolLaws } from "./laws/PoolLaws.ts"
import { PoolProcessLaws } from "./laws/PoolProcessLaws.ts"
import { PoolStreamLaws } from "./laws/PoolStreamLaws.ts"
import { PoolViewLaws } from "./laws/PoolViewLaws.ts"
import { PoolWorkerLaws } from "./laws/PoolWorkerLaws.ts"
import { PostLaws } from "./laws/PostLaws.ts"
import { ProactorLaws } from "./laws/ProactorLaws.ts"
import { QueueLaws } from "./laws/QueueLaws.ts"
import { ReactorLaws } from "./laws/ReactorLaws.ts"
import { ReadLaws } from "./laws/ReadLaws.ts"
import { ReplaceLaws } from "./laws/ReplaceLaws.ts"
import { ResetLaws } from "./laws/ResetLaws.ts"
import { ResolveLaws } from "./laws/ResolveLaws.ts"
import { RingLaws } from "./laws/RingLaws.ts"
import { SchedulerLaws } from "./laws/SchedulerLaws.ts"
import { ScopeLaws } from "./laws/ScopeLaws.ts"
import { ServeLaws } from "./laws/ServeLaws.ts"
import { SharedDeathLaws } from "./laws/SharedDeathLaws.ts"
import { SharedLockLaws } from "./laws/SharedLockLaws.ts"
import { SharedSyncLaws } from "./laws/SharedSyncLaws.ts"
import { ShutdownLaws } from "./laws/ShutdownLaws.ts"
import { SoftCancelLaws } from "./laws/SoftCancelLaws.ts"
import { StartLaws } from "./laws/StartLaws.ts"
import { TailLaws } from "./laws/TailLaws.ts"
import { TimeLaws } from "./laws/TimeLaws.ts"
import { TimerLaws } from "./laws/TimerLaws.ts"
import { TlsEndLaws } from "./laws/TlsEndLaws.ts"
import { TlsHandshakeLaws } from "./laws/TlsHandshakeLaws.ts"
import { TlsLaws } from "./laws/TlsLaws.ts"
import { TlsTrustLaws } from "./laws/TlsTrustLaws.ts"
import { TreeLaws } from "./laws/TreeLaws.ts"
import { TurnLaws } from "./laws/TurnLaws.ts"
import { UdpGroupLaws } from "./laws/UdpGroupLaws.ts"
import { UdpLaws } from "./laws/UdpLaws.ts"
import { UdpOptionLaws } from "./laws/UdpOptionLaws.ts"
import { UdpQueueLaws } from "./laws/UdpQueueLaws.ts"
import { UdpReceiveLaws } from "./laws/UdpReceiveLaws.ts"
import { UdpRefusalLaws } from "./laws/UdpRefusalLaws.ts"
import { UdpSendLaws } from "./laws/UdpSendLaws.ts"
import { UdpViewLaws } from "./laws/UdpViewLaws.ts"
import { UnixLaws } from "./laws/UnixLaws.ts"
import { UnixPathLaws } from "./laws/UnixPathLaws.ts"
import { ViewLaws } from "./laws/ViewLaws.ts"
import { WakeUpLaws } from "./laws/WakeUpLaws.ts"
import { WatchLaws } from "./laws/WatchLaws.ts"
import { WatchTreeLaws } from "./laws/WatchTreeLaws.ts"
import { WriteLaws } from "./laws/WriteLaws.ts"
import { WriteOrderLaws } from "./laws/WriteOrderLaws.ts"

export const groups: ReadonlyArray<LawGroup> = [
  TurnLaws,
  ConnectLaws,
  ListenLaws,
  AcceptLaws,
  ReadLaws,
  FramedReadLaws,
  InterruptedReadLaws,
  WriteLaws,
  WriteOrderLaws,
  QueueLaws,
  BackpressureLaws,
  CopyLaws,
  EndLaws,
  CloseLaws,
  ResetLaws,
  UnixPathLaws,
  UnixLaws,
  OptionLaws,
  ArgumentLaws,
  TlsLaws,
  TlsTrustLaws,
  TlsHandshakeLaws,
  TlsEndLaws,
  UdpLaws,
  UdpReceiveLaws,
  UdpQueueLaws,
  UdpSendLaws,
  UdpRefusalLaws,
  UdpOptionLaws,
  UdpGroupLaws,
  HandleLaws,
  LoopLaws,
  LoopHandleLaws,
  AliveLaws,
  NowLaws,
  TimerLaws,
  WakeUpLaws,
  PostLaws,
  PhaseLaws,
  PendingLaws,
  FiberDumpLaws,
  LoadLaws,
  BlameLaws,
  SchedulerLaws,
  FairnessLaws,
  TimeLaws,
  IntervalLaws,
  DeadlineLaws,
  SoftCancelLaws,
  StartLaws,
  ScopeLaws,
  ServeLaws,
  DrainLaws,
  ShutdownLaws,
  HostCallLaws,
  FaultLaws,
  LookupLaws,
  ResolveLaws,
  AnswerCacheLaws,
  HappyEyeballsLaws,
  HintLaws,
  WatchLaws,
  WatchTreeLaws,
  TailLaws,
  PoolLaws,
  PoolBoundLaws,
  PoolCancelLaws,
  PoolWorkerLaws,
  PoolStreamLaws,
  PoolProcessLaws,
  PoolViewLaws,
  SharedLockLaws,
  SharedSyncLaws,
  SharedDeathLaws,
  RingLaws,
  LimiterLaws,
  ChannelLaws,
  FileLaws,
  FileErrorLaws,
  PathLaws,
  FileLockLaws,
  FileLaneLaws,
  CachedReadLaws,
  DiskLaws,
  TreeLaws,
  ReplaceLaws,
  ReactorLaws,
  ProactorLaws,
  ViewLaws,
  UdpViewLaws
]
