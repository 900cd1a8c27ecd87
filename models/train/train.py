"""Trains the student; goes on from its last checkpoint after any stop.

  OMP_NUM_THREADS=1 nice -n 19 /usr/bin/python3 models/train/train.py --data models/train/work/data --out models/train/work/run --hours 2

--hours is the training time (of the process, pauses of SIGSTOP left out): the learning rate's cosine and the growing size follow it.
With --workers 2 (of one thread each, see below) two batches make one step.
Every 3 minutes the whole state goes to OUT/state.pt; with a longer --hours a finished run is taken up again.
"""
import argparse, datetime, json, os, queue, signal, subprocess, sys, time
import numpy as np
import torch
from torch import distributed
from torch import multiprocessing
from torch.nn import functional as F
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from model import Student
import views

parser = argparse.ArgumentParser()
parser.add_argument('--data', default='models/train/work/data')
parser.add_argument('--out', default='models/train/work/run')
parser.add_argument('--hours', type=float, default=1.0)
parser.add_argument('--until', type=float, help='end at this time instead (seconds since 1970): after pauses the schedule is drawn together')
parser.add_argument('--batch', type=int, default=128)
parser.add_argument('--lr', type=float, default=2e-3)
parser.add_argument('--seed', type=int, default=1)
parser.add_argument('--dim', type=int, default=256)
parser.add_argument('--teacher-dim', type=int, default=1280)
parser.add_argument('--save-seconds', type=float, default=180)
parser.add_argument('--sizes', default='0:64,0.4:80,0.65:96,0.93:112', help='share of the time:size')
parser.add_argument('--light', type=float, default=0.5, help='share of the batches whose second view is near-clean instead of strongly edited')
parser.add_argument('--workers', type=int, default=2, help='processes that train on batches of their own and share their gradients')
parser.add_argument('--rank', type=int, default=0, help='used between them')
parser.add_argument('--meet', help='used between them')
parser.add_argument('--start', help='a float16 checkpoint.pt to begin from instead of chance')
parser.add_argument("--log-every", type=int, default=50)
args = parser.parse_args()
os.makedirs(args.out, exist_ok=True)
torch.set_num_threads(1)  # one for the network, one in the process that makes the views: on a busy machine two threads mostly wait for each other
torch.manual_seed(args.seed)
sizes = [(float(a), int(b)) for a, b in (part.split(':') for part in args.sizes.split(','))]


def pictures(group, side):
    path = f'{args.data}/{group}.u8'
    rows = os.path.getsize(path) // (side * side * 3)
    return np.memmap(path, np.uint8, 'r', shape=(rows, side, side, 3))


def targets(group):
    path = f'{args.data}/{group}.f16'
    rows = os.path.getsize(path) // (args.teacher_dim * 2)
    values = np.fromfile(path, np.float16, rows * args.teacher_dim).reshape(rows, -1)
    banned = set()
    if os.path.exists(f'{args.data}/{group}.excluded.json'):
        banned = set(json.load(open(f'{args.data}/{group}.excluded.json')))
    keep = np.array([i for i in range(rows) if i not in banned], np.int64)
    return values, keep


class Data:
    """The pictures that have a teacher's row and are not excluded; taken up anew at times, while embedding goes on."""

    def __init__(self, whitening=None):
        self.small, self.large = pictures('small', 64), pictures('large', 224)
        sv, sk = targets('small')
        lv, lk = targets('large')
        values = F.normalize(torch.from_numpy(np.concatenate([sv[sk], lv[lk]])).float())
        if whitening is None:
            some = values[torch.randperm(len(values), generator=torch.Generator().manual_seed(3))[:40000]]
            mean = some.mean(0)
            eigen, vectors = torch.linalg.eigh((some - mean).T @ (some - mean) / len(some))
            eigen, vectors = eigen.flip(0)[:args.dim], vectors.flip(1)[:, :args.dim]
            whitening = (mean, vectors / (eigen / eigen[0]).clamp(min=1e-6).pow(0.3))  # softly: 0 leaves it, 0.5 is full whitening
        self.values = values.half()
        self.retarget(whitening)
        self.split = len(sk)
        self.index = np.concatenate([sk, lk])
        self.total = len(self.index)

    def retarget(self, whitening):
        self.whitening = mean, matrix = tuple(whitening)
        self.targets = F.normalize((self.values.float() - mean) @ matrix)

    def batch(self, which):
        small = np.sort(which[which < self.split])
        large = np.sort(which[which >= self.split])
        groups = []
        if len(small):
            groups.append(torch.from_numpy(self.small[self.index[small]]).permute(0, 3, 1, 2).float() / 255)
        if len(large):
            x = torch.from_numpy(self.large[self.index[large]]).permute(0, 3, 1, 2).float() / 255
            groups.append(F.avg_pool2d(x, 2))  # 112: near enough to the student's sizes that the crop's resampling does not alias much
        return groups, self.targets[torch.from_numpy(np.concatenate([small, large]))]


def make_views(out, size, whitening, seed, parent):
    """In a process of its own: batches of two edited views with the rows of their targets, for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    torch.set_num_threads(1)
    torch.multiprocessing.set_sharing_strategy('file_system')
    rng = torch.Generator().manual_seed(seed)
    draw = np.random.default_rng(seed)
    data = Data(whitening)
    looked = time.time()
    while os.getppid() == parent:
        if time.time() - looked > 400:
            data, looked = Data(whitening), time.time()
        order = draw.permutation(data.total)[:30000]  # a part at a time, so that newly embedded pictures come in soon
        for at in range(0, len(order) - args.batch + 1, args.batch):
            groups, t = data.batch(order[at:at + args.batch])
            one = views.strong(groups, size.value, rng)
            two = views.light(groups, size.value, rng) if torch.rand(1, generator=rng) < args.light else views.strong(groups, size.value, rng)
            item = ((torch.cat([one, two]) * 255).round().byte(), t)
            while os.getppid() == parent:
                try:
                    out.put(item, timeout=20)
                    break
                except queue.Full:
                    continue
            if os.getppid() != parent or time.time() - looked > 400:
                break


class Trainer:
    def __init__(self):
        self.model = Student(args.dim)
        self.average = Student(args.dim)
        decay = [p for n, p in self.model.named_parameters() if p.ndim > 1]
        plain = [p for n, p in self.model.named_parameters() if p.ndim <= 1]
        self.optimiser = torch.optim.AdamW([{'params': decay, 'weight_decay': 0.02}, {'params': plain, 'weight_decay': 0}], lr=args.lr)
        self.step, self.seen, self.spent = 0, 0, 0.0
        self.bank = torch.zeros(0, args.dim)
        whitening = None
        self.state_path = f'{args.out}/state.pt'
        if os.path.exists(self.state_path):
            state = torch.load(self.state_path)
            self.model.load_state_dict(state['model'])
            self.average.load_state_dict(state['average'])
            self.optimiser.load_state_dict(state['optimiser'])
            self.step, self.seen, self.spent, self.bank, whitening = (state[k] for k in ('step', 'seen', 'spent', 'bank', 'whitening'))
            if args.rank == 0:
                print('goes on at step', self.step, 'after', round(self.spent), 's', flush=True)
        elif args.start:
            state = torch.load(args.start)
            for module in (self.model, self.average):
                module.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in state['average'].items()})
            self.step, self.seen, whitening = state['step'], state['seen'], state.get('whitening')
            if whitening is not None:
                whitening = tuple(v.float() for v in whitening)
            print('begins from', args.start, 'of step', self.step, flush=True)
        else:
            self.average.load_state_dict(self.model.state_dict())
        self.data = Data(whitening)
        self.data.retarget([self.agreed(part) for part in self.data.whitening])  # embedding may have gone on between two starts
        if args.rank == 0:
            print(self.data.total, 'pictures with a target,', self.data.split, 'of them small', flush=True)

    def save(self):
        state = dict(model=self.model.state_dict(), average=self.average.state_dict(), optimiser=self.optimiser.state_dict(), step=self.step,
                     seen=self.seen, spent=self.spent, bank=self.bank, whitening=self.data.whitening)
        torch.save(state, self.state_path + '.part')
        os.replace(self.state_path + '.part', self.state_path)

    def loss(self, a, b, t):
        scale = 1 / 0.07
        n = len(t)
        own = torch.arange(n)
        # negatives: the batch's other targets and 2,048 targets drawn from the whole set, those nearly equal to the own target left out
        drawn = torch.from_numpy(np.random.default_rng(self.step + 500009 * args.rank).integers(0, self.data.total, 2048))
        far = self.data.targets[drawn]
        close = (t @ far.T) > 0.9
        inside = ((t @ t.T) > 0.9) & ~torch.eye(n, dtype=torch.bool)
        total = 0
        for s in (a, b):
            logits = torch.cat([(s @ t.T).masked_fill(inside, -2), (s @ far.T).masked_fill(close, -2)], 1) * scale
            total = total + F.cross_entropy(logits, own) / 2
        teacher = total.item()
        cosine = (2 - (a * t).sum(1) - (b * t).sum(1)).mean() / 2
        # the two views against each other, with a bank of earlier batches as further negatives
        pair = 0
        bank = self.bank
        for s, o in ((a, b), (b, a)):
            same = (s @ s.T).masked_fill(torch.eye(n, dtype=torch.bool), -2)
            logits = torch.cat([s @ o.T, same, s @ bank.T], 1) * scale
            pair = pair + F.cross_entropy(logits, own) / 2
        # spreading: the nearest other picture should be far (Kozachenko-Leonenko)
        nearest = (a @ a.T).masked_fill(torch.eye(n, dtype=torch.bool), -2).max(1).values
        spread = -torch.log((2 - 2 * nearest).clamp(min=1e-4).sqrt()).mean()
        if self.step > 200:
            self.bank = torch.cat([b.detach(), self.bank])[:2048]
        return total + 2 * cosine + 0.5 * pair + 0.3 * spread, (teacher, 1 - cosine.item(), pair.item(), spread.item())

    @staticmethod
    def agreed(tensor):
        """The first worker's value."""
        if args.workers > 1:
            tensor = tensor.contiguous()
            distributed.broadcast(tensor, 0)
        return tensor

    def run(self):
        limit = self.spent + max(1, args.until - time.time()) if args.until else args.hours * 3600
        log = open(f'{args.out}/curve.tsv', 'a') if args.rank == 0 else None
        parameters = list(self.model.parameters())
        side = multiprocessing.Value('i', 64)
        side.value = [s for share, s in sizes if share <= self.spent / limit][-1]
        batches = multiprocessing.Queue(3)
        maker = multiprocessing.Process(target=make_views, args=(batches, side, self.data.whitening, args.seed * 1000003 + self.step + 500009 * args.rank, os.getpid()), daemon=True)
        maker.start()
        saved = looked = self.spent
        sums, count = np.zeros(4), 0
        stop = []
        signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
        wall = time.time()
        done = self.agreed(torch.tensor([self.spent / limit])).item()
        while done < 1:
            begun = time.time()
            size = [s for share, s in sizes if share <= done][-1]
            lr = args.lr * min(1, (self.step + 1) / 300) * (0.5 * (1 + np.cos(np.pi * done)) * 0.99 + 0.01)
            for group in self.optimiser.param_groups:
                group['lr'] = lr
            if self.spent - looked > 600:
                self.data, looked = Data(self.data.whitening), self.spent  # for the negatives
                print(self.data.total, 'pictures with a target', flush=True)
            side.value = size
            x, t = batches.get()
            x = x.float() / 255
            with torch.autocast('cpu', dtype=torch.bfloat16):
                s = self.model(x)
            a, b = s.float().chunk(2)
            loss, parts = self.loss(a, b, t)
            self.optimiser.zero_grad(set_to_none=True)
            loss.backward()
            # the mean gradient of all workers, and how far the first one says we are: every worker must take the same step
            if args.until:
                limit = self.spent + max(0.0, args.until - time.time())
            done = 1.0 if stop or self.spent >= limit else self.spent / limit
            if args.workers > 1:
                flat = torch.cat([p.grad.reshape(-1) for p in parameters] + [torch.tensor([done if args.rank == 0 else 0.0])])
                distributed.all_reduce(flat)
                done = flat[-1].item()
                at = 0
                for p in parameters:
                    p.grad.copy_(flat[at:at + p.numel()].view_as(p) / args.workers)
                    at += p.numel()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
            self.optimiser.step()
            self.step += 1
            self.seen += 2 * len(t) * args.workers
            self.spent += min(20.0, time.time() - begun)  # a pause from outside is no training
            if args.rank > 0:
                continue
            keep = min(0.998, (self.step + 1) / (self.step + 10))
            with torch.no_grad():
                for p, q in zip(self.average.state_dict().values(), self.model.state_dict().values()):
                    if p.is_floating_point():
                        p.lerp_(q, 1 - keep)
                    else:
                        p.copy_(q)
            sums += parts
            count += 1
            if self.step % args.log_every == 0:
                row = [self.step, self.seen, round(self.spent), size, f'{lr:.2e}'] + [f'{v:.4f}' for v in sums / count]
                print('\t'.join(map(str, row)), f'{2 * args.batch * args.workers * count / (time.time() - wall):.0f}/s', flush=True)
                log.write('\t'.join(map(str, row)) + '\n')
                log.flush()
                sums, count, wall = np.zeros(4), 0, time.time()
            if self.spent - saved > args.save_seconds:
                self.save()
                saved = self.spent
        maker.terminate()
        if args.rank > 0:
            return
        self.save()
        print('stopped at step', self.step, flush=True)


if __name__ == '__main__':
    multiprocessing.set_sharing_strategy('file_system')
    if args.workers > 1:
        meet = args.meet or f'{os.path.abspath(args.out)}/meet-{os.getpid()}'
        if args.rank == 0:
            for rank in range(1, args.workers):
                subprocess.Popen([sys.executable, *sys.argv, '--rank', str(rank), '--meet', meet])
        distributed.init_process_group('gloo', init_method=f'file://{meet}', rank=args.rank, world_size=args.workers, timeout=datetime.timedelta(hours=3))
    Trainer().run()
